"""Engines for a block of code, again after a failure, or until they are stopped."""

import json
import os
import shutil
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.engine import Engine, engine_status, open_engine, start_engine, stop_engine
from bench.engine.engine import Terminated, on_engine, terminated_as_exception
from bench.engine.errors import EngineEndedError, EngineStartError
from bench.engine.state import is_same_process
from tests.shared import DISTRIBUTION, bulk

#: Lucene and build of each version, which the version alone decides.
BUILDS = {
    "elasticsearch-9.2.4": ("10.3.2", "dfc5c38614c29a598e132c035b66160d3d350894"),
    "elasticsearch-9.0.0": ("10.1.0", "112859b85d50de2a7e63f73c8fc70b99eea24291"),
    "elasticsearch-8.19.0": ("9.12.2", "93788a8c2882eb5b606510680fac214cff1c7a22"),
    "elasticsearch-8.18.0": ("9.12.1", "04e979aa50b657bebd4a0937389308de82c2bdad"),
    "opensearch-3.3.2": ("10.3.1", "6564992150e26aaa62d4522a220dfff5188aeb88"),
    "opensearch-2.19.6": ("9.12.3", "97d3c13bf22a4a72ac11dc503fe44c97662b9161"),
}


@pytest.mark.engine
def test_describes_itself(engine: Engine) -> None:
    described = engine.describe()
    assert described | {"url": engine.url, "kind": "embedded"} == described
    assert (described["name"], described["version"]) == (DISTRIBUTION.engine, DISTRIBUTION.version)
    assert (described["lucene"], described["build_hash"]) == BUILDS[DISTRIBUTION.name]
    assert described["heap_max_bytes"] == 1 << 30
    assert described["nodes"] == 1
    assert str(described["jvm"]).startswith("OpenJDK 64-Bit Server VM ")
    assert str(described["jvm"]).endswith(" -XX:TieredStopAtLevel=1")  # tests/conftest.py
    assert json.loads(json.dumps(described)) == described


@pytest.mark.engine
def test_the_lucene_it_names_is_the_one_it_writes(engine: Engine) -> None:
    engine.client.index(index="lucene-version", document={"a": 1}, refresh=True)
    shards = engine.client.indices.segments(index="lucene-version")["indices"]["lucene-version"]
    segment = next(iter(shards["shards"]["0"][0]["segments"].values()))
    engine.client.indices.delete(index="lucene-version")
    assert segment["version"] == engine.describe()["lucene"]


@pytest.mark.engine
def test_terms_on_long_fields_score_one_each_and_ties_break_by_insertion(engine: Engine) -> None:
    # 40 segments of different sizes: without the tie-break, order follows the segments.
    client = engine.client
    sizes = [1, 30, 7, 50] * 10
    single = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": -1}
    client.indices.create(index="ties", settings=single)
    try:
        count = 0
        for size in sizes:
            actions = [
                {"_index": "ties", "_id": str(count + i), "a": 1, "b": (count + i) % 3, "c": 5}
                for i in range(size)
            ]
            bulk(client, actions, refresh=True)
            count += size
        terms = [{"term": {name: value}} for name, value in (("a", 1), ("b", 2), ("c", 5))]
        answer = client.search(
            index="ties",
            query={"bool": {"should": terms}},
            sort=[{"_score": "desc"}, {"_seq_no": "asc"}],
            size=count,
        )
        got = [(hit["_score"], int(hit["_id"])) for hit in answer["hits"]["hits"]]
    finally:
        client.indices.delete(index="ties")
    assert got == sorted(
        ((2.0 + (i % 3 == 2), i) for i in range(count)), key=lambda pair: (-pair[0], pair[1])
    )


@pytest.mark.slow
@pytest.mark.engine
def test_kept_found_used_again_and_stopped(
    open_folder: Path, engine_env: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = (open_folder / "own").resolve()
    state = start_engine(folder, "512m", engine_env, distribution=DISTRIBUTION)
    try:
        assert state.kept
        assert state in engine_status()
        assert Path(state.folder) == folder
        assert start_engine(folder, "512m", engine_env, distribution=DISTRIBUTION) == state
        with open_engine(folder, env=engine_env, distribution=DISTRIBUTION) as engine:
            assert engine.url == state.url
            assert "kept at" in capsys.readouterr().err
            engine.client.index(index="kept", document={"a": 1})
        assert state in engine_status()  # a run that finds it does not end it
    finally:
        stopped = stop_engine(state)
    assert stopped == [state]
    assert not is_same_process(state.server_pid, state.server_created)
    assert not any(known.folder == state.folder for known in engine_status())
    assert stop_engine(state) == []


@pytest.mark.slow
@pytest.mark.engine
def test_a_kept_engine_whose_folder_was_deleted_gives_way(
    open_folder: Path, engine_env: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = (open_folder / "own").resolve()
    state = start_engine(folder, "512m", engine_env, distribution=DISTRIBUTION)
    try:
        shutil.rmtree(folder)
        with open_engine(folder, heap="512m", env=engine_env, distribution=DISTRIBUTION) as engine:
            assert not is_same_process(state.server_pid, state.server_created)
            assert "its folder" in capsys.readouterr().err
            engine.client.index(index="anew", document={"a": 1})
        assert not any(known.folder == state.folder for known in engine_status())
    finally:
        stop_engine(state)


@pytest.fixture
def opened(monkeypatch):
    """Engines that were opened, by number; what `tests.faults.killed_engine` does for real."""
    numbers: list[int] = []

    @contextmanager
    def opening(folder, *, env, heap):
        numbers.append(len(numbers))
        yield numbers[-1]

    monkeypatch.setattr("bench.engine.engine.open_engine", opening)
    return numbers


@pytest.mark.parametrize("ends", [0, 1])
def test_work_that_ends_in_time(opened, ends):
    def work(engine):
        if engine < ends:
            raise EngineEndedError("it ended")
        return f"done on {engine}"

    assert on_engine(work, Path(), heap="1g") == f"done on {ends}"
    assert len(opened) == ends + 1


def test_a_second_end_is_an_error(opened):
    def work(engine):
        raise EngineEndedError(f"number {engine} ended")

    with pytest.raises(EngineEndedError, match=r"started again, and ended again\. number 1 ended"):
        on_engine(work, Path(), heap="1g")
    assert len(opened) == 2


def test_other_errors_are_not_for_another_start(opened):
    def work(engine):
        raise EngineStartError("no memory")

    with pytest.raises(EngineStartError):
        on_engine(work, Path(), heap="1g")
    assert len(opened) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_unwinds_with_the_shells_exit_code(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    unwound = []
    with pytest.raises(Terminated) as caught, terminated_as_exception():  # noqa: PT012
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            unwound.append(signal.getsignal(number))
    assert caught.value.code == 128 + number
    assert unwound == [signal.SIG_DFL]
    assert signal.getsignal(number) is before


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with terminated_as_exception():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
