"""Answers of one pass over blocks are those of a search of everything at once."""

import numpy as np
import pytest

from bench.index.variant import Variant
from bench.runs.errors import ExperimentError
from bench.search.exact import stream
from bench.search.exact.stream import Best, by_distance, by_score, exact_answers
from bench.search.verification import expected_hits
from imgsig import normalized_distance

QUERIES = 12
SIZES = [150, 290]
VARIANTS = {
    "words": Variant(63, 16, {"id": "none"}),
    "short": Variant(32, 7, {"id": "none"}, layout="keyword_column"),
    "bits": Variant(63, 16, {"id": "none"}, layout="vector_sign_flat"),
}


@pytest.fixture
def answered(signatures, tmp_path, monkeypatch):
    """Where answers are kept, computed in blocks that end neither with a size nor with a step."""
    monkeypatch.setattr(stream, "BLOCK", 64)
    monkeypatch.setattr(stream, "_STEP", 40)
    # Some documents twice, so that places are given among equals.
    database = np.concatenate([signatures[:150], signatures[:140]])
    queries = signatures[:QUERIES]
    ways = {name: by_score(one, queries) for name, one in VARIANTS.items()}
    ways["distance"] = by_distance(queries)

    def place(size, name):
        return tmp_path / f"{size}-{name}.npz"

    def compute(sizes, documents=database):
        seen = []
        exact_answers(ways, documents, sizes, QUERIES, 10, place, seen.append)
        return seen

    assert sum(compute(SIZES)) == SIZES[-1]
    return database, queries, place, compute


def test_words_narrow_what_is_ranked(signatures, tmp_path):
    queries = signatures[:QUERIES]
    both = Variant(63, 16, {"id": "none"}, layout="vector_sign_flat_keyword")
    ways = {str(least): by_score(both, queries, least) for least in (0, 1, 5)}
    exact_answers(ways, signatures, [len(signatures)], QUERIES, 50, lambda _, name: tmp_path / name)
    words, bits = both.scheme.words(signatures), both.identity.layout.matcher
    scorer = bits.scorer(both.scheme, signatures)
    for name in ways:
        best = Best.load(tmp_path / name)
        for row, query in enumerate(queries):
            common = (words == both.scheme.words(query)).sum(axis=1)
            docs, scores = expected_hits(np.where(common >= int(name), scorer(query), 0), 50)
            assert best.docs[row, : best.found[row]].tolist() == docs.tolist()
            assert best.scores[row, : best.found[row]].tolist() == scores.tolist()
    assert Best.load(tmp_path / "5").found.min() < 50
    with pytest.raises(ExperimentError, match="has no words beside"):
        by_score(VARIANTS["bits"], queries, 1)


@pytest.mark.parametrize("name", list(VARIANTS))
@pytest.mark.parametrize("size", SIZES)
def test_scores_are_those_of_the_whole(answered, name, size):
    database, queries, place, _ = answered
    variant = VARIANTS[name]
    best = Best.load(place(size, name))
    scorer = variant.identity.layout.matcher.scorer(variant.scheme, database[:size])
    counted = np.zeros(variant.largest_score + 1, dtype=np.int64)
    for row, query in enumerate(queries):
        scores = scorer(query)
        counted += np.bincount(scores, minlength=len(counted))
        docs, found = expected_hits(scores, 10)
        assert best.docs[row, : best.found[row]].tolist() == docs.tolist()
        assert best.scores[row, : best.found[row]].tolist() == found.tolist()
    assert best.pairs.tolist() == counted.tolist()
    assert best.pairs.sum() == QUERIES * size


@pytest.mark.parametrize("size", SIZES)
def test_distances_are_those_of_the_library_to_the_last_bit(answered, size):
    database, queries, place, _ = answered
    best = Best.load(place(size, "distance"))
    for row, query in enumerate(queries):
        distances = normalized_distance(database[:size], query)
        order = np.argsort(distances, kind="stable")[:10]
        assert best.docs[row].tolist() == order.tolist()
        assert (-best.scores[row]).tolist() == distances[order].tolist()


def test_nothing_in_common_is_no_distance_of_zero():
    blank = np.zeros((3, 648), dtype=np.int8)
    (values,) = by_distance(blank[:1]).values(blank)
    assert values.tolist() == [-1, -1, -1]


def test_a_pass_goes_on_from_the_largest_size_that_is_kept(answered):
    database, _, place, compute = answered
    whole = {name: Best.load(place(290, name)) for name in (*VARIANTS, "distance")}
    for name in whole:
        place(290, name).unlink()

    class Rest:
        """Refuses to give documents that were read before."""

        def __getitem__(self, rows):
            assert rows.start >= 150
            return database[rows]

    seen = compute(SIZES, Rest())
    assert seen[0] == 150
    assert sum(seen) == 290
    for name, best in whole.items():
        again = Best.load(place(290, name))
        for one in ("docs", "scores", "found", "pairs"):
            np.testing.assert_array_equal(getattr(again, one), getattr(best, one))
