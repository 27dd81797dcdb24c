import numpy as np
import pytest

from imgsig import ConfigError
from imgsig.index import Match, search_body
from imgsig.index.opening import identity_of
from imgsig.index.searching import HitDistances, Ranking, narrowed, returned, tells_signs
from imgsig.layouts import LAYOUTS, get_layout

COLUMN = identity_of("tagged_column")
BITS = identity_of("vector_sign_flat")
UNSIGNED = identity_of("tagged_column", codec={"id": "none"})
CLAUSE = {"term": {"tenant": "x"}}


def test_parts_that_hits_return_are_put_together():
    more = {"source": ["tenant"]}
    assert returned(get_layout("tagged_integer"), ("signature", "path"), more) == {
        "_source": ["signature", "path", "tenant"]
    }
    assert returned(get_layout("tagged_stored"), ("signature", "path")) == {
        "_source": False,
        "stored_fields": ["signature"],
        "docvalue_fields": ["path"],
    }
    columns = {"source": False, "docvalue_fields": ["tenant"]}
    assert returned(get_layout("tagged_column"), ("signature", "path"), columns) == {
        "_source": False,
        "docvalue_fields": ["signature", "path", "tenant"],
    }
    rest = {"source": {"excludes": ["simple_word_*"]}}
    assert returned(get_layout("dynamic"), ("signature", "path"), rest) == {
        "_source": {"excludes": ["simple_word_*"]}
    }
    assert returned(get_layout("dynamic"), ("id",)) == {"_source": False}


def test_a_filter_narrows_words_and_vectors():
    query = {"bool": {"should": []}}
    assert narrowed(query, CLAUSE) == {"bool": {"must": query, "filter": CLAUSE}}
    knn = {"knn": {"field": "vector", "k": 10}}
    assert narrowed(knn, CLAUSE) == {"knn": {"field": "vector", "k": 10, "filter": CLAUSE}}


def test_a_request_asks_for_no_more_than_it_needs(signatures):
    body = search_body(COLUMN, signatures[0], size=5, least=3, narrowed_by=CLAUSE)
    assert body["query"]["bool"]["must"]["bool"]["minimum_should_match"] == 3
    assert (body["size"], body["track_total_hits"]) == (5, False)


@pytest.mark.parametrize(
    ("ranking", "identity", "message"),
    [
        ({"size": 0}, COLUMN, r"size must be an integer from 1 to 10,000.*not 0"),
        ({"candidates": 20_000}, COLUMN, "candidates must be an integer"),
        ({"rank": "tf"}, COLUMN, "rank must be one of score, distance, signs, margin, not 'tf'"),
        ({"rank": "distance"}, UNSIGNED, r"rank='distance' needs a stored signature.*min_score"),
        ({"max_distance": 0.3}, UNSIGNED, "max_distance needs a stored signature"),
        ({"rank": "signs"}, UNSIGNED, r"rank='signs' needs the signature, or words"),
        ({"min_score": 64}, COLUMN, r"min_score must be from 1 to 63"),
        ({"max_distance": 2}, COLUMN, "max_distance must be from 0 to 1"),
        ({"background": 0}, COLUMN, r"background must be 'gap', or a rank from 1 .*\(100\), not 0"),
        ({"background": 100}, COLUMN, "not 100"),
        ({"background": "mean"}, COLUMN, "not 'mean'"),
    ],
)
def test_what_a_layout_cannot_do_is_refused(ranking, identity, message):
    with pytest.raises(ConfigError, match=message):
        Ranking(**ranking).checked(identity)


def match(id_, score, distance, orientation="as_is"):
    return Match(id_, None, score, distance, orientation=orientation)


def test_each_document_is_found_once_at_its_best():
    found = [
        match("a", 9, 0.4),
        match("b", 8, 0.1),
        match("a", 7, 0.2, "mirrored"),
        match("c", 1, None),
        match("d", 9, 0.9),
    ]
    by_distance = Ranking(rank="distance", max_distance=0.5, size=3).best(found[:3] + found[4:])
    assert [(one.id, one.orientation) for one in by_distance] == [("b", "as_is"), ("a", "mirrored")]
    by_score = Ranking(min_score=2).best(found)
    assert [(one.id, one.score) for one in by_score] == [("a", 9), ("d", 9), ("b", 8)]
    assert len(Ranking(size=2).best(found)) == 2


def test_more_is_asked_for_where_it_is_ranked_or_left_out_again():
    assert Ranking(size=10).fetched(COLUMN) == 10
    assert Ranking(size=10, rank="distance").fetched(COLUMN) == 100
    assert Ranking(size=300, max_distance=0.2).fetched(COLUMN) == 300
    assert Ranking(size=1).fetched(identity_of("vector_byte_hnsw")) == 100


def test_which_layouts_tell_signs_without_a_signature():
    telling = {name for name in LAYOUTS if tells_signs(identity_of(name, codec={"id": "none"}))}
    assert telling == {
        *("dynamic", "signature_index_false", "signature_in_source", "long", "integer", "keyword"),
        *("integer_indexed", "tagged_synthetic_column"),
    }
    assert not tells_signs(identity_of("dynamic", {"N": 20, "k": 8}, {"id": "none"}))


@pytest.mark.parametrize("layout", ["dynamic", "keyword", "tagged_synthetic_column"])
def test_signs_come_out_of_words_as_of_signatures(layout, signatures):
    bare = identity_of(layout, codec={"id": "none"})
    made = bare.layout.documents(bare.words, bare.codec, ["a"] * 20, signatures[:20])
    if layout == "tagged_synthetic_column":  # as doc values come back
        hits = [{"fields": {"simple_words": sorted(one["simple_words"])}} for one in made]
    else:
        hits = [{"_source": one} for one in made]
    (of_words,) = HitDistances(bare, signs=True).of([hits], signatures[:1])
    stored = identity_of("dynamic")
    documents = stored.layout.documents(stored.words, stored.codec, ["a"] * 20, signatures[:20])
    whole = [{"_source": one} for one in documents]
    (of_signatures,) = HitDistances(stored, signs=True).of([whole], signatures[:1])
    assert np.array_equal(of_words, of_signatures)
    assert of_words[0] == 0 < of_words[1:].min()


def test_margins_are_above_what_unrelated_pictures_score():
    plain = [match("a", 60, None), match("b", 55, None), match("c", 54, None)]
    busy = [match("d", 40, None), match("e", 39, None), match("f", 3, None), match("g", 2, None)]
    ranking = Ranking(rank="margin", candidates=6, size=4)
    margins = [
        [one.margin for one in ranking.with_margins(own, COLUMN)] for own in (plain, busy, [])
    ]
    assert margins == [[60, 55, 54], [37, 36, 0, -1], []]  # an answer of three has a gap at its end
    # Of bits half are equal by chance: 1 + 136 is the score of what an answer lacks.
    copies = [match("d", 260, None), match("e", 259, None), match("f", 140, None)]
    assert [one.margin for one in ranking.with_margins(copies, BITS)] == [120, 119, 0]
    assert [one.margin for one in ranking.with_margins(copies[:1], BITS)] == [123]
    third = Ranking(rank="margin", background=3)
    assert [one.margin for one in third.with_margins(plain, COLUMN)] == [6, 1, 0]


def test_the_smallest_margins_are_left_out_and_two_answers_compared_by_it():
    ranking = Ranking(rank="margin", min_margin=20, candidates=4, size=9)
    first = ranking.with_margins([match("a", 60, 0.1), *(match(n, 50, 0.2) for n in "bcd")], BITS)
    second = ranking.with_margins([match("e", 40, 0.3), match("a", 39, 0.4, "mirrored")], COLUMN)
    assert [one.id for one in ranking.best([*first, *second])] == ["e", "a"]
    assert ranking.best([*first, *second])[1].orientation == "mirrored"


@pytest.mark.parametrize("identity", [COLUMN, UNSIGNED])
def test_a_margin_needs_the_answer_in_full(identity):
    asked = Ranking(rank="margin", min_score=5, size=3).checked(identity)
    assert (asked.fetched(identity), asked.least(identity)) == (100, None)
    assert Ranking(rank="score", min_margin=5, size=3).fetched(identity) == 100
    assert Ranking(rank="score", min_score=5, size=3).least(identity) == 5
