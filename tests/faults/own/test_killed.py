"""The bench, killed a few times; `make faults` does so fifty times."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.faults.killed import OF_THE_SERVER, STAGES, moments


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
