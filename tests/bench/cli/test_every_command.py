"""Every command of both programs with every kind of bad folder, bad file and signal."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from bench.cli import cli as bench_cli
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder
from imgsig.cli import cli as imgsig_cli
from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import Deferred

PROGRAMS = {"imgsig": imgsig_cli, "imgsig-bench": bench_cli}
PICTURE = ROOT / "tests" / "imgsig" / "fixture" / "Caravaggio_Wikipedia.jpg"

#: Values of what is no path and must be given.
WORDS = {"images": "1e6", "precision": "0.9", "recall": "0.5", "source": "a", "to": "tagged_column"}
#: A run to compare another with.
WORDS["against"] = str(ROOT / "results" / "reference-speed")


def leaves(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        # A command of the table is imported when it is called; its parameters are those of then.
        yield from leaves(inner.load() if isinstance(inner, Deferred) else inner, *path, name)


EVERY = [(program, *leaf) for program, cli in PROGRAMS.items() for leaf in leaves(cli)]
NAMES = [" ".join((program, *path)) for program, path, _ in EVERY]


def takes_path(command: click.Command, parameter: click.Parameter) -> bool:
    return isinstance(parameter.type, click.Path) or (command.name, parameter.name) == (
        "datasets",
        "spec",
    )


PATHS = [
    pytest.param(program, path, command, parameter, id=f"{name} {parameter.name}")
    for name, (program, path, command) in zip(NAMES, EVERY, strict=True)
    for parameter in command.params
    if takes_path(command, parameter)
]


def typed(parameter: click.Parameter, value: str) -> list[str]:
    return [parameter.opts[0], value] if isinstance(parameter, click.Option) else [value]


def line(path: tuple[str, ...], command: click.Command, bad: click.Parameter, where: Path):
    words = list(path)
    for parameter in command.params:
        if parameter is bad:
            value = f"folder:{where}" if parameter.name == "spec" else str(where)
            words += typed(parameter, value)
        elif parameter.required or (parameter.name == "against" and bad.name == "run"):
            words += typed(parameter, other(parameter))
    return words


def other(parameter: click.Parameter) -> str:
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    return WORDS.get(parameter.name or "", str(PICTURE))


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """No cluster answers, and no server can be started: its files have no room in the cache."""
    cache = tmp_path / "cache"
    cache.mkdir()
    for name in ("java", "elasticsearch", "opensearch", "wheels", "npm", "maven", "peers"):
        (cache / name).touch()
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(cache))
    monkeypatch.setenv("ES_URL", "http://127.0.0.1:1")
    monkeypatch.chdir(tmp_path)


def invoke(program: str, words: list[str]):
    return CliRunner().invoke(PROGRAMS[program], words, prog_name=program)


def check_explained(result, program: str, codes: set[int]) -> None:
    assert isinstance(result.exception, SystemExit | None), result.exception
    assert "Traceback" not in result.output
    assert result.exit_code in codes, result.output
    if result.exit_code == ExitCode.FAILED:
        assert f"{program}: " in result.stderr or "does not hold" in result.stdout, result.output


def unreadable(path: Path) -> None:
    path.mkdir()
    path.chmod(0)


#: Whatever can stand where a folder or a file is expected.
THINGS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "empty folder": lambda path: path.mkdir(),
    "empty file": lambda path: path.touch(),
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 9),
    "text": lambda path: path.write_text("notes: [\n"),
    "unreadable": unreadable,
    "link to itself": lambda path: path.symlink_to(path),
    "folder of garbage": lambda path: (path.mkdir(), (path / "a.jpg").write_bytes(b"\xff\xd8\xff")),
    "manifest that is a folder": lambda path: (path / "manifest.json").mkdir(parents=True),
}


@pytest.mark.slow
@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize(("program", "path", "command", "bad"), PATHS)
def test_what_is_no_run_picture_or_config_is_explained(
    tmp_path, program, path, command, bad, thing
):
    where = tmp_path / "bad"
    THINGS[thing](where)
    result = invoke(program, line(path, command, bad, where))
    check_explained(result, program, {0, 1, 2, 3})


RUNS = [param for param in PATHS if param.values[3].name in ("run", "scale")]


def manifest_of(run: Path) -> dict:
    return json.loads((run / "manifest.json").read_text())


def put(run: Path, **said: object) -> None:
    changed = {key: value for key, value in (manifest_of(run) | said).items() if value is not None}
    (run / "manifest.json").write_text(json.dumps(changed))


def tables(run: Path) -> list[Path]:
    return sorted(run.glob("*.parquet"))


def each_table(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(run: Path) -> None:
        for path in tables(run):
            change(path)

    return damage


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def rename_columns(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.rename_columns([f"x{i}" for i in range(table.num_columns)]), path)


def link_away(figures: Path) -> None:
    figures.mkdir(exist_ok=True)
    (figures / "a").symlink_to("/")


#: What can have befallen a finished run.
DAMAGE: dict[str, Callable[[Path], object]] = {
    "manifest missing": lambda run: (run / "manifest.json").unlink(),
    "manifest empty": lambda run: (run / "manifest.json").write_text(""),
    "manifest cut": lambda run: cut(run / "manifest.json"),
    "manifest not text": lambda run: (run / "manifest.json").write_bytes(b"\xff\xfe{"),
    "manifest a list": lambda run: (run / "manifest.json").write_text("[]"),
    "manifest without tables": lambda run: put(run, tables=None),
    "manifest without config": lambda run: put(run, config=None, config_text=None),
    "manifest with tables of nothing": lambda run: put(run, tables={"sweep": {}, "sizes": 3}),
    "manifest with a list of tables": lambda run: put(run, tables=["sweep"]),
    "kind unknown": lambda run: put(run, kind="guess"),
    "kind of another type": lambda run: put(run, kind={}),
    "format unknown": lambda run: put(run, format=99),
    "only the format": lambda run: (run / "manifest.json").write_text('{"format": 1}'),
    "ending left": lambda run: (run / "ending.json").write_text("{"),
    "tables missing": each_table(Path.unlink),
    "tables empty": each_table(lambda path: path.write_bytes(b"")),
    "tables cut": each_table(cut),
    "a bit of each table changed": each_table(flip),
    "other columns": each_table(rename_columns),
    "tables that are folders": each_table(lambda path: (path.unlink(), path.mkdir())),
    "links to elsewhere": lambda run: link_away(run / "figures"),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(("program", "path", "command", "bad"), RUNS)
def test_damaged_runs_are_explained(tmp_path, program, path, command, bad, damage):
    kind = {"advise run": "sweep", "advise scale": "scale"}.get(f"{path[-1]} {bad.name}", "speed")
    run = tmp_path / "run"
    shutil.copytree(ROOT / "results" / f"reference-{kind}", run)
    DAMAGE[damage](run)
    result = invoke(program, line(path, command, bad, run))
    fine = {
        # What verify finds, or what the command does not read.
        "links to elsewhere": {"verify", "advise", "diff"},
        "manifest with tables of nothing": {"advise"},
        "manifest with a list of tables": {"advise"},
        "manifest without tables": {"advise"},
        "manifest without config": {"advise"},
    }
    codes = {0, 1, 3} if path[-1] in fine.get(damage, ()) else {1}
    check_explained(result, program, codes)


@pytest.mark.parametrize(("program", "path", "command", "bad"), RUNS)
def test_a_table_of_other_columns_that_the_manifest_agrees_with_is_explained(
    tmp_path, program, path, command, bad
):
    kind = {"advise run": "sweep", "advise scale": "scale"}.get(f"{path[-1]} {bad.name}", "speed")
    run = tmp_path / "run"
    shutil.copytree(ROOT / "results" / f"reference-{kind}", run)
    manifest = manifest_of(run)
    for name in manifest["tables"]:
        rename_columns(run / f"{name}.parquet")
        table = pq.read_table(run / f"{name}.parquet").to_pandas()
        manifest["tables"][name] = RunFolder(run).write_table(name, table)
    put(run, tables=manifest["tables"])
    result = invoke(program, line(path, command, bad, run))
    # Nobody foresees every column that somebody may take out of a table and its manifest alike.
    check_explained(result, program, {1} if path[-1] == "verify" else {1, 70})
    assert "can be computed" in result.output or "--traceback" in result.output


@pytest.mark.slow
def test_verify_says_what_it_found_in_a_last_sentence(tmp_path):
    result = invoke("imgsig-bench", ["verify", str(ROOT / "results" / "reference-speed")])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].endswith("reference-speed holds: all 7 checks passed.")


@pytest.mark.slow
def test_a_config_that_was_changed_is_noticed(tmp_path):
    run = tmp_path / "run"
    shutil.copytree(ROOT / "results" / "reference-speed", run)
    put(run, config_text=": [")
    check_explained(invoke("imgsig-bench", ["verify", str(run)]), "imgsig-bench", {1})


def test_a_result_that_is_no_run_is_said_to_be_none(tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": 1, "kind": "codecs"}')
    result = invoke("imgsig-bench", ["verify", str(tmp_path)])
    check_explained(result, "imgsig-bench", {1})
    assert "does not say name, title, run" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("program", "path", "command"), EVERY, ids=NAMES)
def test_every_command_is_interrupted_in_a_sentence(monkeypatch, program, path, command, number):
    def callback(*_arguments: object, **_options: object) -> None:
        os.kill(os.getpid(), number)
        time.sleep(10)

    monkeypatch.setattr(command, "callback", callback)
    words = [*path]
    for parameter in command.params:
        if parameter.required:
            is_run = parameter.name in {"run", "runs"}
            words += typed(parameter, str(ROOT) if is_run else other(parameter))
    result = invoke(program, words)
    assert result.exit_code == ExitCode.INTERRUPTED, result.output
    assert result.stderr == f"{program}: interrupted\n"


START = {"imgsig": "imgsig", "imgsig-bench": "bench"}


def start(program: str, *words: str, **options) -> subprocess.Popen[str]:
    code = f"import imgsig_start; imgsig_start.{START[program]}()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def takes_signals(pid: int) -> bool:
    """Whether the process has come to our own code: the interpreter alone catches no SIGTERM."""
    caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks /proc")
@pytest.mark.parametrize("seconds", [0, 0.05, 0.4, 1.5])
@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("imgsig", ["codecs", str(PICTURE)]),
        ("imgsig-bench", ["verify", "results/reference-sweep"]),
    ],
)
def test_a_signal_at_any_moment_ends_in_a_sentence(program, words, seconds):
    number = signal.SIGTERM if seconds == 0.05 else signal.SIGINT
    child = start(program, *words, stdout=subprocess.DEVNULL)
    while child.poll() is None and not takes_signals(child.pid):
        time.sleep(0.002)
    time.sleep(seconds)
    child.send_signal(number)
    _, stderr = child.communicate(timeout=120)
    if child.returncode != 0:  # 0: it was ready before
        assert (child.returncode, stderr.splitlines()[-1:]) == (130, [f"{program}: interrupted"])
        assert "Traceback" not in stderr
    assert seconds >= 0.4 or child.returncode == ExitCode.INTERRUPTED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("imgsig", ["codecs", str(PICTURE)]),
        ("imgsig-bench", ["verify", "results/reference-speed"]),
    ],
)
def test_a_reader_that_has_gone_is_no_error_to_speak_of(program, words):
    reading, writing = os.pipe()
    os.close(reading)
    child = start(program, *words, stdout=writing)
    os.close(writing)
    _, stderr = child.communicate(timeout=120)
    assert child.returncode in (0, 1)
    assert "roken pipe" not in stderr
    assert "Traceback" not in stderr
