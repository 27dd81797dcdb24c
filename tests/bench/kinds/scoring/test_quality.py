"""Measures of rankings: those of the evaluation, and the rank of a background chosen on a half."""

import numpy as np
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import check_queries, read_queries
from bench.evaluate.judge import MEASURES, Judge
from bench.evaluate.rankings import DISTANCE
from bench.evaluate.system import evaluate_point
from bench.kinds.scoring.lists import Searches, all_sources, scoring_names
from bench.kinds.scoring.quality import quality_tables, settings_of
from bench.search.exact.truth import IGNORED, RIGHT


@pytest.fixture(scope="module")
def hits(scoring, signed):
    searches = Searches(signed, scoring.search.size)
    return {name: searches.list(*one) for name, one in all_sources(scoring.expand()).items()}


@pytest.fixture(scope="module")
def tables(scoring, signed, hits):
    return quality_tables(
        scoring, signed.queries, hits, scoring_names(scoring.expand()), "63x16 count"
    )


def test_values_are_those_of_the_evaluation(scoring, signed, hits, tables):
    own = hits["63x16 count"]
    counted = own[own["code"] != IGNORED]
    queries, settings = read_queries(check_queries(signed.queries)), settings_of(scoring)
    weights = draw_groups(queries.n_groups, settings.n_resamples, settings.seed)
    found = evaluate_point(
        hits_from_arrays(
            counted["row"].to_numpy(np.int64),
            (counted["code"] == RIGHT).to_numpy(),
            {"distance": counted["distance"].to_numpy()},
            len(queries),
        ),
        DISTANCE,
        queries,
        weights,
        settings,
        "report",
    )
    table = tables["scorings"]
    chosen = (table["source"] == "63x16 count") & (table["scoring"] == "distance")
    reported = table[chosen & (table["part"] == "report")].set_index("measure")
    assert set(reported.index) == set(MEASURES)
    for estimate in found:
        if estimate.measure in MEASURES:
            row = reported.loc[estimate.measure]
            assert row["value"] == pytest.approx(estimate.value)
            ends = estimate.interval(settings.confidence)[:2]
            assert (row["low"], row["high"]) == pytest.approx(ends, nan_ok=True)
            assert row["difference"] == 0


def test_the_rank_is_the_best_on_the_half_to_tune_on(scoring, tables):
    tuned, values = tables["tuned"], tables["scorings"]
    for (source, name), own in tuned.groupby(["source", "scoring"]):
        tried = own[own["half"] == "tune"].set_index("k")
        assert set(tried.index) == (set(scoring.k) if " - " in name else {0})
        (chosen,) = tried.index[tried["chosen"]]
        assert tried.loc[chosen, "uAP"] == tried["uAP"].max()
        used = values[(values["source"] == source) & (values["scoring"] == name)]
        assert (used["k"] == chosen).all()
        both = own[(own["half"] == "report") & own["chosen"]]["uAP"].item()
        reported = used[(used["part"] == "report") & (used["measure"] == "uAP")]
        assert reported["value"].item() == pytest.approx(both)


def test_a_background_changes_no_order_within_a_query(tables):
    recall = tables["scorings"].query("measure == 'recall@1'")
    for _, own in recall.groupby(["source", "part"]):
        for name in {one.partition(" - ")[0] for one in own["scoring"]}:
            alike = own[own["scoring"].str.partition(" - ")[0] == name]
            assert np.ptp(alike["value"].to_numpy()) < 1e-12


def test_a_query_without_a_signature_is_a_miss(scoring, signed, hits):
    judge = Judge(signed.queries, settings_of(scoring))
    own = hits["63x16 count"]
    found = judge.estimates(own, own["score"].to_numpy(np.float64), "all")
    answerable = signed.queries[signed.queries["in_database"]]
    assert (answerable["status"] == "failed").any()
    assert found["recall@1"].n == len(answerable)
    assert found["recall@1"].value < 1
