from typing import Any

import pytest

from bench.evaluate.settings import EvaluationSettings, SettingsError


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("n_candidates", 0),
        ("score_cutoff", 0),
        ("distance_cutoff", 0.0),
        ("distance_cutoff", 1.1),
        ("precisions", (0.9, 1.5)),
        ("precisions", (0.99999,)),
        ("precisions", (0.9, 0.9)),
        ("recall_ranks", (0,)),
        ("recall_ranks", (1, 1)),
        ("n_resamples", 0),
        ("confidence", 1.0),
        ("seed", -1),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(setting: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=setting):
        EvaluationSettings(**{setting: value})


def test_labels_of_precisions() -> None:
    labels = EvaluationSettings(precisions=(0.9, 0.99, 0.999, 1.0)).precision_labels
    assert labels == {"P90": 900, "P99": 990, "P99.9": 999, "P100": 1000}
