"""The bench, killed at random moments of every stage, and started again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.killed import STAGES, ended, kill_at, killed_faults
from tests.faults.small_run import undisturbed

#: What `make test-all` kills: the others need a start of the engine more each.
CHOSEN = [stage for stage in STAGES if stage.name in {"bulk", "write of results"}]


@pytest.mark.fault
@pytest.mark.timeout(0)
def test_killed_at_random_moments_a_run_ends_in_the_same_tables(
    config, expected, pytestconfig, expect
):
    for fault in killed_faults(config, expected, pytestconfig.getoption("--kills"), seed=0):
        expect(fault)


@pytest.mark.slow
def test_killed_twice_it_does_too(config):
    results = config.parent / "killed"
    with ThreadPoolExecutor() as pool:  # both wait half a minute for leases; at the same time
        expected = pool.submit(undisturbed, config, config.parent / "alone")
        hit = [kill_at(stage, 0.3, config, results, {}) for stage in CHOSEN]
        fault = ended(0, len(CHOSEN), config, results, {}, expected.result())
    assert fault.happened == "so it is"
    assert all(hit)
