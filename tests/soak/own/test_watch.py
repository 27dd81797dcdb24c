"""Samples over time, and leaks that are planted into a real process."""

import mmap
import time

import pytest

from tests.soak.growth import all_growth
from tests.soak.process_tree import engine_processes
from tests.soak.watch import Watch

ROUNDS = 9


def grown(watch: Watch) -> set[str]:
    return {one.quantity for one in all_growth(watch.samples(), watch.seconds) if not one.ok}


def watched(leak) -> Watch:
    with Watch(engine_processes(), interval=0.2).running() as watch:
        for _ in range(ROUNDS):
            time.sleep(0.03)
            leak()
            watch.rest()
    return watch


@pytest.mark.slow
def test_a_process_at_rest_does_not_grow():
    watch = watched(lambda: None)
    assert grown(watch) == set()
    samples = watch.samples()
    assert samples["at_rest"].sum() == ROUNDS
    assert (~samples["at_rest"]).sum() > 0
    assert samples.loc[samples["at_rest"], "round"].to_list() == list(range(1, ROUNDS + 1))


@pytest.mark.slow
def test_leaks_are_found(tmp_path):
    memory, files = [], []
    path = tmp_path / "file"
    path.write_text("x")

    def leak() -> None:
        # New pages, whatever the allocator has kept of what was freed before.
        memory.append(mmap.mmap(-1, 4_000_000))
        memory[-1].write(b"x" * 4_000_000)
        files.append(path.open())

    try:
        assert grown(watched(leak)) == {"own_bytes", "handles"}
    finally:
        for held in files + memory:
            held.close()
