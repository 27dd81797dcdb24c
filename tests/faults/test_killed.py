"""The bench, killed at random moments of every stage, and started again.

That a killed run resumes and ends in the same tables `tests.bench.kinds.experiment.test_measure`
tests each time.
"""

import pytest

from tests.faults.killed import killed_faults


@pytest.mark.fault
@pytest.mark.timeout(0)
def test_killed_at_random_moments_a_run_ends_in_the_same_tables(
    config, expected, pytestconfig, expect
):
    for fault in killed_faults(config, expected, pytestconfig.getoption("--kills"), seed=0):
        expect(fault)
