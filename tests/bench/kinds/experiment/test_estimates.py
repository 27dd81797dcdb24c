"""Rankings of an experiment measured again: those of its tables, intervals included."""

import pytest

from bench.evaluate import EvaluationSettings
from bench.kinds.experiment.estimates import run_estimates

pytestmark = pytest.mark.engine


def test_values_and_intervals_are_those_that_the_run_stored(finished):
    metrics = finished.folder.table("metrics")
    stored = metrics[metrics["transform"] == "all"].set_index(
        ["variant", "ranking", "measure", "tie"]
    )
    settings = EvaluationSettings(20, n_resamples=200)
    found = run_estimates(finished.folder, settings)
    assert {tuple(system) for system in found} == {key[:2] for key in stored.index}
    for system, estimates in found.items():
        assert {"uAP", "R@P90", "recall@1", "candidate_recall@20"} <= {key[0] for key in estimates}
        for (measure, tie), one in estimates.items():
            row = stored.loc[(*system, measure, tie)]
            again = one.value, *one.interval(settings.confidence)[:2]
            assert again == pytest.approx((row["value"], row["low"], row["high"]), nan_ok=True)
