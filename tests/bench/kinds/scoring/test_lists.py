"""Lists of hits computed without an engine are those that a layout's own scores give."""

import numpy as np
import pytest

from bench.index.variant import Variant
from bench.kinds.scoring.filtered import filtered_sources
from bench.kinds.scoring.fusion import fused
from bench.kinds.scoring.lists import Searches, all_sources, scorings_of, sources_of
from bench.search.exact.rarity import idf_weights
from bench.search.exact.truth import RIGHT
from bench.search.verification import expected_hits
from imgsig import normalized_distance

SIZE = 12


@pytest.fixture(scope="module")
def searches(signed):
    return Searches(signed, SIZE)


def test_an_index_that_keeps_more_has_the_same_lists(scoring):
    bits = Variant(63, 16, {"id": "none"}, layout="vector_sign_flat", name="bits-only")
    variants = [bits, *scoring.expand()]
    found = all_sources(variants)
    assert list(found) == ["272 bits", "63x16 count", "63x16 idf", "63x6 count", "63x6 idf"]
    names = {name: [one.name for one in scorings] for name, (_, scorings) in found.items()}
    assert names["272 bits"][:4] == [
        "hamming",
        "hamming - kth",
        "hamming - gap",
        "hamming, distance",
    ]
    assert {"count", "distance", "sign distance - gap"} <= set(names["63x16 count"])
    assert names["63x6 count"] == ["count", "count - kth", "count - gap"]
    assert names["63x16 idf"] == ["idf", "idf - kth", "idf - gap"]
    learned = set(all_sources(variants, scoring.learned)) - set(found)
    assert learned == {"63x6 position", "63x6 position_rarity"}


def test_lists_are_those_of_the_layouts_scores(scoring, searches, signed):
    for variant in scoring.expand():
        source = sources_of(variant)[0]
        values = ["distance"] if variant.stores_signature else []
        own = searches.ranked(searches.scores(source), variant, values)
        scorer = variant.identity.layout.matcher.scorer(variant.scheme, signed.database)
        for row, signature in zip(searches.rows, searches.simulator.queries, strict=True):
            hits = own[own["row"] == row]
            docs, scores = expected_hits(scorer(signature), SIZE)
            assert hits["doc"].tolist() == docs.tolist()
            assert hits["score"].tolist() == scores.tolist()
            assert hits["rank"].tolist() == list(range(len(docs)))
            if values:
                far = normalized_distance(signed.database[docs], signature)
                np.testing.assert_array_equal(hits["distance"], far.astype(np.float32))
        relations = signed.relations(signed.queries["query"].to_numpy()[own["row"]], own["doc"])
        assert ((own["code"] == RIGHT) == (relations == "right")).all()


def test_learned_weights_are_summed_over_equal_words(scoring, searches, signed):
    variant = scoring.expand()[1]
    words, asked = (
        variant.scheme.words(one) for one in (signed.database, searches.simulator.queries)
    )
    for source in sources_of(variant, scoring.learned)[2:]:
        told = searches.weights(source)
        assert searches.weights(source) is told  # learned once
        for sums, query, weights in zip(searches.scores(source), asked, told, strict=True):
            np.testing.assert_array_equal(sums, (words == query) @ weights.astype(np.int64))
    assert list(searches.learned) == ["63x6 position", "63x6 position_rarity"]


def test_bits_and_words_in_one_index_are_searched_in_every_way(searches):
    both = Variant(32, 7, {"id": "none"}, layout="vector_sign_flat_keyword", name="both")
    sources = sources_of(both)
    assert [one.name for one in sources] == [
        "272 bits",
        "32x7 count",
        "32x7 idf",
        "32x7 count + 272 bits",
    ]
    # All are sent to the same index.
    parts = [part for one in sources for part in (one.parts or (one,))]
    assert {part.variant.index_name for part in parts} == {"both"}
    bits, count, _, joined = sources
    (filtered,) = filtered_sources(both, [3])
    assert (filtered.name, scorings_of(filtered)) == ("272 bits, 3 of 32x7", [])
    assert [one.name for one in scorings_of(joined)] == ["fusion", "fusion - kth", "fusion - gap"]
    n, lists = len(searches.simulator.documents), (bits, count, filtered, joined)
    for alike, shared, kept, fusion in zip(*map(searches.scores, lists), strict=True):
        np.testing.assert_array_equal(kept, np.where(shared >= 3, alike, 0))
        best = [expected_hits(one, SIZE)[0] for one in (shared, alike)]
        np.testing.assert_array_equal(fusion, fused(best, n))


def test_rarity_is_summed_over_equal_words(scoring, searches, signed):
    variant = scoring.expand()[1]
    source = sources_of(variant)[1]
    words, asked = (
        variant.scheme.words(one) for one in (signed.database, searches.simulator.queries)
    )
    for sums, query in zip(searches.scores(source), asked, strict=True):
        equal = words == query
        weights = idf_weights(equal.sum(axis=0).astype(np.int32), len(words))
        np.testing.assert_array_equal(sums, equal @ weights.astype(np.int64))
