import numpy as np
import pytest

from bench.evaluate import evaluate
from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.held_out import split_resamples
from bench.evaluate.hits import hits_from_arrays, select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import RANKINGS, SCORE, Ranking
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.system import evaluate_point, measure_system

SETTINGS = EvaluationSettings(n_resamples=50)


@pytest.fixture(scope="module")
def measured(random_tables):
    queries, candidates = random_tables(3)
    table = check_queries(queries)
    run = read_queries(table)
    hits = select_hits(
        check_candidates(candidates, table, {"tester": 8}, SETTINGS), len(run), SETTINGS
    )
    weights = draw_groups(run.n_groups, SETTINGS.n_resamples, 0)
    drawn = split_resamples(weights, run, 0)
    return measure_system(hits, SCORE, run, weights, drawn, 8, SETTINGS)


def test_only_what_has_resamples_is_compared(measured) -> None:
    assert {"uAP", "R@P99.9", "mAP", "recall@1", "held_out_recall@P90"} <= {
        measure for measure, _ in measured[1]
    }
    for (measure, tie), estimate in measured[1].items():
        assert estimate.samples is not None
        assert len(estimate.samples) == 50
        assert tie == ("expected" if measure in {"uAP", "mAP", "recall@1", "recall@10"} else "none")


def test_the_tuned_threshold_is_that_of_all_transforms(measured) -> None:
    metrics = measured[0]["metrics"]
    tuned = metrics[metrics["measure"].str.startswith("tuned_threshold@")]
    assert tuned["transform"].unique().tolist() == ["all"]
    cutoffs = measured[0]["cutoffs"].set_index("target")["cutoff"]
    for row in tuned.itertuples():
        np.testing.assert_equal(row.value, cutoffs[row.measure.split("@")[1]])


POINT_SETTINGS = EvaluationSettings(n_resamples=80)


def _point(queries, candidates, ranking: Ranking, half: str = "all") -> dict:
    run = read_queries(check_queries(queries))
    kept = candidates[candidates["relation"] != "ignored"].sample(frac=1, random_state=0)
    hits = hits_from_arrays(
        query=np.searchsorted(run.number, kept["query"].to_numpy()),
        right=(kept["relation"] == "right").to_numpy(),
        columns={name: kept[name].to_numpy() for name in ("score", "distance", "sign_distance")},
        n_queries=len(run),
    )
    weights = draw_groups(run.n_groups, POINT_SETTINGS.n_resamples, POINT_SETTINGS.seed)
    found = evaluate_point(hits, ranking, run, weights, POINT_SETTINGS, half)
    return {
        (e.measure, e.tie): (e.value, *e.interval(POINT_SETTINGS.confidence), e.n) for e in found
    }


@pytest.fixture(scope="module")
def tables(random_tables):
    queries, candidates = random_tables(7)
    return queries, candidates.assign(sign_distance=(candidates["distance"] * 0.9).round(1))


@pytest.fixture(scope="module")
def metrics(tables):
    return evaluate(*tables, {"tester": 8}, POINT_SETTINGS).metrics


@pytest.mark.parametrize("ranking", RANKINGS.values(), ids=list(RANKINGS))
def test_a_point_is_that_of_the_whole_evaluation(tables, metrics, ranking: Ranking) -> None:
    rows = metrics.query("ranking == @ranking.name and transform == 'all'")
    whole = {
        (row.measure, row.tie): (row.value, row.low, row.high, row.interval, row.n)
        for row in rows.itertuples()
    }
    found = _point(*tables, ranking)
    assert {"uAP", "R@P90", "R@P99", "recall@1", "candidate_recall@100"} <= {m for m, _ in found}
    for key, values in found.items():
        np.testing.assert_equal(values, whole[key])


def test_a_half_alone(tables) -> None:
    queries, candidates = tables
    report = queries[queries["half"] == "report"]
    alone = _point(report, candidates[candidates["query"].isin(report["query"])], RANKINGS["score"])
    found = _point(queries, candidates, RANKINGS["score"], "report")
    assert found.keys() == alone.keys()
    for key, (value, *_, n) in found.items():
        assert (value, n) == (pytest.approx(alone[key][0], nan_ok=True), alone[key][-1])
