"""Work is done once more where a server of our own has ended, and no third time."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.engine import restart
from bench.engine.errors import EngineEndedError, EngineStartError


@pytest.fixture
def opened(monkeypatch):
    """Engines that were opened, by number; what `tests.faults.killed_engine` does for real."""
    numbers: list[int] = []

    @contextmanager
    def opening(folder, *, env, heap):
        numbers.append(len(numbers))
        yield numbers[-1]

    monkeypatch.setattr(restart, "open_engine", opening)
    return numbers


@pytest.mark.parametrize("ends", [0, 1])
def test_work_that_ends_in_time(opened, ends):
    def work(engine):
        if engine < ends:
            raise EngineEndedError("it ended")
        return f"done on {engine}"

    assert restart.on_engine(work, Path(), heap="1g") == f"done on {ends}"
    assert len(opened) == ends + 1


def test_a_second_end_is_an_error(opened):
    def work(engine):
        raise EngineEndedError(f"number {engine} ended")

    with pytest.raises(EngineEndedError, match=r"started again, and ended again\. number 1 ended"):
        restart.on_engine(work, Path(), heap="1g")
    assert len(opened) == 2


def test_other_errors_are_not_for_another_start(opened):
    def work(engine):
        raise EngineStartError("no memory")

    with pytest.raises(EngineStartError):
        restart.on_engine(work, Path(), heap="1g")
    assert len(opened) == 1
