"""The bench, killed a few times; `make faults` does so fifty times."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.killed import OF_THE_SERVER, STAGES, ended, kill_at, moments
from tests.faults.small_run import undisturbed, write_small_experiment

#: Stages of which one kill each takes little time.
CHOSEN = [
    stage
    for stage in STAGES
    if stage.name in {"start, signing", "bulk", "evaluation", "write of results"}
]


@given(kills=st.integers(len(STAGES), 80), seed=st.integers(0, 2**32))
def test_every_stage_is_hit_in_the_order_of_the_stages(kills, seed):
    runs = moments(kills, seed)
    assert runs == moments(kills, seed)
    counts = Counter(stage for run in runs for stage, _ in run)
    assert counts.total() == kills
    assert set(counts) == set(STAGES)
    for number, run in enumerate(runs):
        places = [STAGES.index(stage) for stage, _ in run]
        assert places == sorted(places)
        assert all(0 <= seconds <= stage.seconds for stage, seconds in run)
        assert number == 0 or not set(OF_THE_SERVER) & {stage for stage, _ in run}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_run_that_is_killed_again_and_again_ends_in_the_same_tables(shared_folder):
    config = write_small_experiment(shared_folder)
    results = shared_folder / "killed"
    with ThreadPoolExecutor() as pool:  # both wait half a minute for leases; at the same time
        expected = pool.submit(undisturbed, config, shared_folder / "undisturbed")
        hit = [kill_at(stage, 0.3, config, results, {}) for stage in CHOSEN]
        fault = ended(0, len(CHOSEN), config, results, {}, expected.result())
    assert fault.happened == "so it is"
    assert all(hit)
