import numpy as np
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries
from bench.evaluate.queries import read_queries
from bench.evaluate.rankings import SCORE
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.system import Measured, measure_system

SETTINGS = EvaluationSettings(n_resamples=50)


@pytest.fixture(scope="module")
def measured(random_tables) -> Measured:
    queries, candidates = random_tables(3)
    strength = queries["transform"].map({"jpeg": 1.0, "crop": 2.0, "blur": 2.0})
    table = check_queries(queries.assign(family="any", strength=strength))
    run = read_queries(table)
    hits = select_hits(
        check_candidates(candidates, table, {"tester": 8}, SETTINGS), len(run), SETTINGS
    )
    weights = draw_groups(run.n_groups, SETTINGS.n_resamples, 0)
    return measure_system(hits, SCORE, run, weights, 8, SETTINGS)


def test_only_what_has_resamples_is_compared(measured: Measured) -> None:
    assert {"uAP", "R@P99.9", "mAP", "recall@1", "held_out_recall@P90"} <= {
        measure for measure, _ in measured.comparable
    }
    for (measure, tie), estimate in measured.comparable.items():
        assert estimate.samples is not None
        assert len(estimate.samples) == 50
        assert tie == ("expected" if measure in {"uAP", "mAP", "recall@1", "recall@10"} else "none")


def test_the_tuned_threshold_is_that_of_all_transforms(measured: Measured) -> None:
    metrics = measured.tables["metrics"]
    tuned = metrics[metrics["measure"].str.startswith("tuned_threshold@")]
    assert tuned["transform"].unique().tolist() == ["all"]
    cutoffs = measured.tables["cutoffs"].set_index("target")["cutoff"]
    for row in tuned.itertuples():
        np.testing.assert_equal(row.value, cutoffs[row.measure.split("@")[1]])


def test_a_strength_of_one_transform_and_one_of_two(measured: Measured) -> None:
    by_strength, metrics = measured.tables["by_strength"], measured.tables["metrics"]
    assert by_strength[["family", "strength"]].drop_duplicates().to_numpy().tolist() == [
        ["any", 1.0], ["any", 2.0],
    ]  # fmt: skip

    def value(table, **where) -> tuple[float, int]:
        for column, wanted in ({"measure": "uAP", "tie": "expected"} | where).items():
            table = table[table[column] == wanted]
        ((found, n),) = table[["value", "n"]].to_numpy().tolist()
        return found, n

    assert value(by_strength, strength=1.0) == value(metrics, transform="jpeg")
    n_of_two = sum(value(metrics, transform=name)[1] for name in ("crop", "blur"))
    assert value(by_strength, strength=2.0)[1] == n_of_two
