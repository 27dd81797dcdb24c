"""Help and completion import what they need: they must not wait for numpy, or for a client."""

import json
import os
import subprocess
import sys

import click
import pytest
import trustme

from bench.cli import cli as bench_cli
from imgsig.cli import cli as imgsig_cli
from tests.faults.tls_front import tls_front
from tests.shared import reached_at

PROGRAMS = {"imgsig": imgsig_cli, "imgsig-bench": bench_cli}
MODULES = {"imgsig": "imgsig.cli", "imgsig-bench": "bench.cli"}

#: What a command line is made of. All else that is installed is imported when a command runs.
LIGHT = {"click", "bench", "imgsig"}

#: What finding the cluster and asking it takes besides; not a client, nor numpy.
ASKING = LIGHT | {"certifi", "datasets", "filelock", "platformdirs", "psutil", "rich"}

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
    assert taken_by(program, arguments, asked, LIGHT)


def taken_by(program: str, arguments: tuple[str, ...], env: dict[str, str], light: set[str]) -> str:
    """What a command line prints; it must import no more than this and stay below the limits."""
    command = [sys.executable, "-c", CODE.format(module=MODULES[program]), *arguments]

    def measured() -> list:
        done = subprocess.run(
            command, env=os.environ | env, capture_output=True, text=True, check=True
        )
        return [done.stdout.strip(), *json.loads(done.stderr.splitlines()[-1])]

    printed, imported, seconds, *peak = measured()
    assert set(imported) <= light
    assert all(megabytes < MEMORY for megabytes in peak)
    # Other processes on the same core make it longer: then the best of a few is what it takes.
    assert seconds < SECONDS or min(measured()[2] for _ in range(4)) < SECONDS
    return printed


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("words", ["compare ", "migrate --from "])
def test_names_of_indices_take_no_client(engine, index_name, tmp_path, words):
    engine.client.indices.create(index=index_name, aliases={f"{index_name}-alias": {}})
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    program, arguments, asked = typed("imgsig-bench", words, len(words.split()) + 1)
    with tls_front(engine.url, authority, "127.0.0.1") as (url, shown):
        env = asked | {"ES_URL": url, "ES_API_KEY": "bm90LWEta2V5"}
        assert not taken_by(program, arguments, env, ASKING)
        assert shown == []  # the certificate is of an authority that nobody trusts
        trusted = {"ES_CA_CERTS": str(tmp_path / "ca.pem")}
        assert not taken_by(program, arguments, env | trusted, ASKING)
        assert shown == ["ApiKey bm90LWEta2V5"]  # which no engine knows
        user = asked | {"ES_URL": url, "ES_USER": "who", "ES_PASSWORD": "wörd"}
        assert not taken_by(program, arguments, user | {"ES_VERIFY_CERTS": "false"}, ASKING)
        assert shown[1:] == ["Basic d2hvOnfDtnJk"]
        found = taken_by(program, arguments, asked | reached_at(url, engine) | trusted, ASKING)
        assert {f"plain,{index_name}", f"plain,{index_name}-alias"} <= set(found.splitlines())


def test_looking_for_a_kept_engine_takes_no_client(tmp_path):
    program, arguments, asked = typed("imgsig-bench", "compare ", 2)
    env = asked | {"ES_URL": "", "IMGSIG_BENCH_CACHE": str(tmp_path)}
    assert taken_by(program, arguments, env, ASKING) == ""
