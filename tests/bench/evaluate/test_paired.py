import numpy as np
import pytest

from bench.evaluate.comparisons import corrected, default_pairs, differences
from bench.evaluate.estimate import Estimate
from bench.evaluate.paired import PairedComparisons
from bench.evaluate.settings import SettingsError, System

SYSTEMS = [System(f"v{i}", ranking) for i in range(6) for ranking in ("score", "distance")]


def _estimates(seed: int) -> dict[tuple[str, str], Estimate]:
    random = np.random.default_rng(seed)
    return {
        (measure, "none"): Estimate(measure, "none", 0.5, 9, random.random(50), 5)
        for measure in ("uAP", "R@P90")
    }


ESTIMATES = {system: _estimates(seed) for seed, system in enumerate(SYSTEMS)}


def test_rows_are_those_of_all_systems_at_once() -> None:
    pairs = default_pairs(SYSTEMS)
    paired = PairedComparisons(SYSTEMS, pairs, 0.95)
    for system, estimates in ESTIMATES.items():
        paired.add(system, estimates)
    assert paired.rows() == corrected(differences(ESTIMATES, pairs, 0.95), 0.95)


def test_resamples_are_dropped_after_their_last_comparison() -> None:
    paired = PairedComparisons(SYSTEMS, default_pairs(SYSTEMS), 0.95)
    held = []
    for system, estimates in ESTIMATES.items():
        paired.add(system, estimates)
        held.append(len(paired.held))
    # Those of the first variant and, between its two rankings, one of the variant at hand.
    assert max(held) == 3
    assert held[-1] == 0


def test_the_order_of_the_pairs_is_kept() -> None:
    last_first = list(reversed(default_pairs(SYSTEMS)))
    paired = PairedComparisons(SYSTEMS, last_first, 0.95)
    for system, estimates in ESTIMATES.items():
        paired.add(system, estimates)
    found = [
        (
            System(row["variant_a"], row["ranking_a"]),
            System(row["variant_b"], row["ranking_b"]),
        )
        for row in paired.rows()
        if row["measure"] == "uAP"
    ]
    assert found == last_first


def test_an_unknown_system_is_refused_before_anything_is_measured() -> None:
    with pytest.raises(SettingsError, match="comparisons name other/score"):
        PairedComparisons(SYSTEMS, [(SYSTEMS[0], System("other", "score"))], 0.95)
