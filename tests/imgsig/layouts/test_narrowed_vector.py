"""A vector and words in one index: each as it is alone, words as filter of the vector."""

from imgsig import WordScheme
from imgsig.codecs import get_codec
from imgsig.index.searching import narrowed
from imgsig.layouts import get_layout

SCHEME, CODEC = WordScheme(N=32, k=7), get_codec({"id": "none"})
BOTH, WORDS, BITS = map(
    get_layout, ("vector_sign_flat_keyword", "keyword_column", "vector_sign_flat")
)


def test_it_holds_what_both_hold_alone(signatures):
    made, words, bits = (one.mappings(SCHEME, CODEC) for one in (BOTH, WORDS, BITS))
    assert made["properties"] == words["properties"] | bits["properties"]
    (document,), of_words, of_bits = (
        one.documents(SCHEME, CODEC, ["a.jpg"], signatures[:1]) for one in (BOTH, WORDS, BITS)
    )
    assert document == of_words[0] | of_bits[0]
    assert BOTH.owns("vector")
    assert BOTH.owns("simple_words")
    assert not BOTH.owns("title")


def test_words_narrow_what_the_vector_ranks(signatures):
    def query(layout, least=None):
        return layout.matcher.query(SCHEME, signatures[0], 20, least)

    assert query(BOTH) == query(BITS)
    asked = query(BOTH, 3)
    assert asked["knn"].pop("filter") == query(WORDS, 3)
    assert asked == query(BITS)
    clause = {"term": {"album": "a"}}
    assert narrowed(query(BITS), clause)["knn"]["filter"] == clause
    assert narrowed(query(BOTH, 3), clause)["knn"]["filter"] == [query(WORDS, 3), clause]


def test_scores_are_the_vectors(signatures):
    assert not BOTH.matcher.counts_words
    assert not BOTH.matcher.knows_positions
    assert BOTH.largest_score(SCHEME) == BITS.largest_score(SCHEME) == 273
    scores, alone = (one.matcher.scorer(SCHEME, signatures)(signatures[3]) for one in (BOTH, BITS))
    assert scores.tolist() == alone.tolist()
