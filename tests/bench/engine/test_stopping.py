"""Engines that were left running are stopped, and nothing else is."""

import dataclasses
import os
from pathlib import Path

import psutil
import pytest

from bench.engine import EngineState, engine_status, stop_engine
from bench.engine.state import state_file, write_state


def test_stale_states_are_cleaned_and_strangers_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path))
    me = psutil.Process()
    stale = EngineState(
        folder="/gone",
        url="http://127.0.0.1:1",
        version="8.18.0",
        lucene="9.12.1",
        heap="1g",
        pid=me.pid,  # used again, by us
        created=me.create_time() - 3600,
        server_pid=me.pid,
        server_created=me.create_time() - 3600,
        started_at="2026-01-01T00:00:00+00:00",
        kept=True,
    )
    path = state_file(Path(stale.folder), tmp_path)
    write_state(stale, path)
    (path.parent / f"{'0' * 16}.json").write_text("{")
    foreign = path.parent / "thesis.json"
    foreign.write_text("{")
    assert stop_engine(stale) == []
    assert engine_status() == []
    assert list(path.parent.iterdir()) == [foreign]
    write_state(dataclasses.replace(stale, folder="/other"), path)
    assert stop_engine() == []
    assert os.getpid() == me.pid
