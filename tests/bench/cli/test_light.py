"""Help and completion import what they need: they must not wait for numpy, or for a client."""

import json
import os
import subprocess
import sys

import click
import pytest

from bench.cli import cli as bench_cli
from imgsig.cli import cli as imgsig_cli

PROGRAMS = {"imgsig": imgsig_cli, "imgsig-bench": bench_cli}
MODULES = {"imgsig": "imgsig.cli", "imgsig-bench": "bench.cli"}

#: What a command line is made of. All else that is installed is imported when a command runs.
LIGHT = {"click", "bench", "imgsig"}

#: Seconds of CPU and megabytes that one may take.
SECONDS, MEMORY = 0.5, 80

#: Says in its last line on standard error what a command line has imported and taken.
CODE = """
import json, pathlib, sys, time
before = set(sys.modules)
try:
    from {module} import main
    main()
finally:
    names = {{name.partition(".")[0] for name in set(sys.modules) - before}}
    status = pathlib.Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = [int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")]
    imported = sorted(names - sys.stdlib_module_names)
    print(json.dumps([imported, time.process_time(), *peak]), file=sys.stderr)
"""


def paths(program: str, group: click.Group, typed: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The program and every command of it, as typed after its name."""
    found = [typed]
    for name in group.commands:
        _, command, _ = group.resolve_command(click.Context(group), [name])
        below = (*typed, name)
        found += paths(program, command, below) if isinstance(command, click.Group) else [below]
    return found


HELPS = [
    (program, (*path, "--help"), {})
    for program, group in PROGRAMS.items()
    for path in paths(program, group)
]
SCRIPTS = [
    (program, ("completion", shell), {})
    for program in PROGRAMS
    for shell in ("bash", "zsh", "fish")
]


def typed(program: str, words: str, count: int) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """What bash asks for when Tab is pressed."""
    variable = f"_{program}_COMPLETE".replace("-", "_").upper()
    asked = {variable: "bash_complete", "COMP_WORDS": f"{program} {words}", "COMP_CWORD": count}
    return program, (), {name: str(value) for name, value in asked.items()}


COMPLETIONS = [
    typed("imgsig", "", 1),
    typed("imgsig", "sign --", 2),
    typed("imgsig-bench", "", 1),
    typed("imgsig-bench", "run ", 2),
    typed("imgsig-bench", "report results/", 2),
    typed("imgsig-bench", "migrate --", 2),
]


EVERY = [*HELPS, *((program, ("--version",), {}) for program in PROGRAMS), *SCRIPTS, *COMPLETIONS]


@pytest.mark.parametrize(
    ("program", "arguments", "asked"),
    EVERY,
    ids=[" ".join([name, *words, asked.get("COMP_WORDS", "")]) for name, words, asked in EVERY],
)
def test_nothing_heavy_is_imported_and_little_is_taken(program, arguments, asked):
    command = [sys.executable, "-c", CODE.format(module=MODULES[program]), *arguments]

    def measured() -> list:
        done = subprocess.run(
            command, env=os.environ | asked, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip()
        return json.loads(done.stderr.splitlines()[-1])

    imported, seconds, *peak = measured()
    assert set(imported) <= LIGHT
    assert all(megabytes < MEMORY for megabytes in peak)
    # Other processes on the same core make it longer: then the best of a few is what it takes.
    assert seconds < SECONDS or min(measured()[1] for _ in range(4)) < SECONDS
