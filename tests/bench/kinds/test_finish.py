"""A run that is killed at its very end leaves nothing that the next start does not remove."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGKILL

import psutil
import pytest
from PIL import Image
from rich.console import Console

from bench.engine import EngineState
from bench.engine.cluster import node_folders
from bench.engine.folder import SERVER_LOCK, claim, discard, place
from bench.engine.state import state_file, write_state
from bench.kinds.finish import clean_up, finish, take_finished
from bench.kinds.registry import kind_of
from bench.kinds.run import execute_run
from bench.runs.environment import ROOT
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder, read_json, write_json
from datasets import open_collection
from datasets.cache import cache_dir

#: A config of every kind, and what reads it.
KINDS = ("tester", "sweep", "scale", "speed")
#: What a start that finds a run finished looks at.
MANIFEST = {
    "format": 1,
    "finished": "2026-01-01T00:00:00+00:00",
    "engine": {"kind": "embedded", "name": "elasticsearch", "version": "8.18.0", "build_hash": "0"},
    "dataset": {"collection": "photos"},
}
#: Finishes a run, and is killed where something would be removed first.
KILLED = """
import json, os, signal, sys
from pathlib import Path
from bench.kinds import finish
from bench.runs.folder import RunFolder

def kill(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

finish.discard = finish.shutil.rmtree = kill
keep_engine, nodes = sys.argv[2] == "kept", int(sys.argv[3])
manifest = json.loads(sys.argv[4])
finish.finish(RunFolder(Path(sys.argv[1])), manifest, keep_engine=keep_engine, nodes=nodes)
"""


@pytest.fixture
def work(tmp_path) -> Iterator[Callable[..., tuple[RunFolder, list[Path]]]]:
    """Make the work of a run, and say where the data of its engine are; root's are in the cache."""

    made: list[Path] = []

    def make(path: Path = tmp_path / "run", nodes: int = 1) -> tuple[RunFolder, list[Path]]:
        folder = RunFolder(path)
        (folder.work / "signed").mkdir(parents=True)
        (folder.work / "signed" / "database.npy").touch()
        (folder.work / "engine.json").write_text("{}")
        wanted = node_folders(folder.work / "engine", nodes)
        made.extend(wanted)
        placed = [place(one, cache_dir()) for one in wanted]
        for one in placed:
            with claim(one):
                (one / "data").mkdir()
                (one / "data" / "index").touch()
        return folder, placed

    yield make
    for one in made:
        discard(one, cache_dir())


def killed(folder: RunFolder, keep: str, nodes: int = 1) -> None:
    command = [sys.executable, "-c", KILLED, str(folder.path), keep, str(nodes)]
    command.append(json.dumps(MANIFEST))
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -SIGKILL
    assert folder.has_manifest
    assert not folder.is_finished


@pytest.mark.parametrize("nodes", [1, 2])
def test_nothing_but_the_manifest_is_left(work, nodes):
    folder, placed = work(nodes=nodes)
    finish(folder, {"format": 1}, keep_engine=False, nodes=nodes)
    assert folder.is_finished
    assert [path.name for path in folder.path.iterdir()] == ["manifest.json"]
    assert not any(one.exists() for one in placed)


@pytest.mark.parametrize("nodes", [1, 2])
def test_what_a_kill_left_is_removed_by_the_next_start(work, nodes):
    folder, placed = work(nodes=nodes)
    killed(folder, "not kept", nodes)
    assert all((one / "data" / "index").exists() for one in placed)
    clean_up(folder)
    assert folder.is_finished
    assert [path.name for path in folder.path.iterdir()] == ["manifest.json"]
    assert not any(one.exists() for one in placed)


@contextmanager
def running(folder: Path) -> Iterator[EngineState]:
    """A process in place of an engine that an earlier start has kept in a folder."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        created = psutil.Process(process.pid).create_time()
        state = EngineState(
            folder=str(folder),
            url="http://127.0.0.1:1",
            version="9.2.4",
            lucene="10.3.2",
            heap="1g",
            pid=process.pid,
            created=created,
            server_pid=process.pid,
            server_created=created,
            started_at="2026-01-01T00:00:00+00:00",
            kept=True,
        )
        path = state_file(folder, cache_dir())
        write_state(state, path)
        (folder / SERVER_LOCK).touch()
        try:
            yield state
        finally:
            process.kill()
            path.unlink(missing_ok=True)


@pytest.mark.parametrize("nodes", [1, 2])
def test_an_engine_that_an_earlier_start_has_kept_is_stopped(work, nodes, capsys):
    folder, placed = work(nodes=nodes)
    with ExitStack() as stack:
        states = [stack.enter_context(running(one)) for one in placed]
        finish(folder, {"format": 1}, keep_engine=False, nodes=nodes)
        assert not any(state.running for state in states)
    assert capsys.readouterr().err.count("The engine that was kept at http://127.0.0.1:1") == nodes
    assert folder.is_finished
    assert not any(one.exists() for one in placed)


def test_an_engine_that_is_kept_stays(work):
    folder, (placed,) = work()
    killed(folder, "kept")
    assert (folder.work / "signed").is_dir()
    for _ in range(2):
        clean_up(folder)
        assert folder.is_finished
        assert (placed / "data" / "index").is_file()
        assert (folder.work / "engine.json").is_file()
        assert not (folder.work / "signed").exists()


def test_a_run_that_goes_on_keeps_its_work(work):
    folder, (placed,) = work()
    folder.ending.write_text('{"keep_engine": false, "nodes": 1}')  # killed before the manifest
    clean_up(folder)
    assert (folder.work / "signed" / "database.npy").is_file()
    assert (placed / "data" / "index").is_file()
    finish(folder, {"format": 1}, keep_engine=False)
    assert not placed.exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("keep", ["kept", "not kept"])
def test_every_kind_of_run_is_cleaned_up_when_it_is_started_again(
    work, tmp_path, monkeypatch, name, keep
):
    # The code may be worked on meanwhile.
    monkeypatch.setattr("bench.kinds.run.source_digest", lambda: "0" * 64)
    monkeypatch.delenv("ES_URL", raising=False)
    config = ROOT / "bench" / "configs" / f"{name}.yaml"
    folder, (placed,) = work(tmp_path / f"{kind_of(config).load(config).key}-000000")
    killed(folder, keep)
    said = io.StringIO()
    found = execute_run(config, tmp_path, Console(file=said, width=500))
    assert found.path == folder.path
    assert f"delete {folder.path} to run it again" in said.getvalue()
    assert folder.is_finished
    assert folder.work.exists() == placed.exists() == (keep == "kept")
    assert read_json(folder.path / "manifest.json") == MANIFEST
    monkeypatch.setenv("ES_URL", "http://127.0.0.1:1")
    with pytest.raises(RunError, match=r"was measured on embedded Elasticsearch 8\.18\.0"):
        execute_run(config, tmp_path, Console(quiet=True))


@pytest.mark.parametrize("name", KINDS)
def test_no_kind_of_run_follows_a_link(tmp_path, monkeypatch, name):
    monkeypatch.setattr("bench.kinds.run.source_digest", lambda: "0" * 64)
    monkeypatch.setenv("ES_URL", "http://127.0.0.1:1")
    config = ROOT / "bench" / "configs" / f"{name}.yaml"
    foreign = tmp_path / "foreign"
    (foreign / "work").mkdir(parents=True)
    for path in (foreign / "work" / "thesis.txt", foreign / "manifest.json"):
        path.write_text("{}")
    (foreign / "ending.json").write_text('{"keep_engine": false, "nodes": 1}')
    results = tmp_path / "results"
    results.mkdir()
    (results / f"{kind_of(config).load(config).key}-000000").symlink_to(foreign)
    with pytest.raises(RunError, match="is a symbolic link"):
        execute_run(config, results, Console(quiet=True))
    assert {path.name for path in foreign.rglob("*")} == {
        *("work", "thesis.txt", "manifest.json", "ending.json")
    }


@pytest.fixture
def run(tmp_path) -> RunFolder:
    """Finished, of a folder of three pictures, on an engine of its own."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(3):
        Image.linear_gradient("L").resize((20, 20 + number)).save(pictures / f"{number}.png")
    collection = open_collection(f"folder:{pictures}")
    folder = RunFolder(tmp_path / "run")
    manifest = {
        "format": 1,
        "finished": "2026-01-01T00:00:00+00:00",
        "engine": {
            "kind": "embedded",
            "name": "elasticsearch",
            "version": "8.18.0",
            "build_hash": "0",
        },
        "dataset": {
            "collection": collection.name,
            "photographs": 3,
            "sha256": collection.manifest()["sha256"],
        },
    }
    write_json(folder.path / "manifest.json", manifest)
    return folder


def taken(run: RunFolder, url: str = "") -> str:
    said = io.StringIO()
    take_finished(run, None, Console(file=said, width=500), {"ES_URL": url})
    return said.getvalue()


def test_it_says_that_it_is_not_run_again_and_how_to(run):
    said = taken(run)
    assert "finished at 2026-01-01T00:00:00+00:00 and is not run again" in said
    assert f"delete {run.path} to run it again" in said


def test_it_says_that_its_engine_runs_on(run, work):
    _, (placed,) = work(run.path)
    assert "engine stop" not in taken(run)
    with running(placed):
        assert taken(run).endswith("Stop its engine before, with 'imgsig-bench engine stop'.\n")


def test_a_cluster_is_not_the_embedded_engine(run):
    with pytest.raises(RunError) as caught:
        taken(run, "http://127.0.0.1:1")
    for part in ("measured on embedded Elasticsearch 8.18.0", "--results", "imgsig-bench report"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "1.png").unlink(), r"\(3 then, 2 now\)"),
        (lambda folder: Image.new("L", (9, 9)).save(folder / "3.png"), r"\(3 then, 4 now\)"),
        (lambda folder: Image.new("L", (9, 9)).save(folder / "1.png"), "3 as then, but not the"),
        (lambda folder: (folder / "1.png").rename(folder / "7.png"), "3 as then, but not the"),
        (lambda folder: folder.rename(folder.parent / "moved"), "cannot be opened any more"),
    ],
)
def test_pictures_that_have_changed_are_not_shown_as_they_were(run, tmp_path, change, message):
    change(tmp_path / "pictures")
    with pytest.raises(RunError, match=message):
        taken(run)
