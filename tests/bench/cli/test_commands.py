"""What every command of both programs keeps to."""

import os
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.shell_completion import BashComplete, split_arg_string
from click.testing import CliRunner

from bench.cli import cli as bench_cli
from imgsig.cli import cli as imgsig_cli
from imgsig.cli.boundary import ExitCode

PROGRAMS = {"imgsig": imgsig_cli, "imgsig-bench": bench_cli}


def commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for part in command.commands:
            _, inner, _ = command.resolve_command(click.Context(command), [part])
            yield from commands(f"{name} {part}", inner)


EVERY = [pair for name, program in PROGRAMS.items() for pair in commands(name, program)]
GROUPS = {name: command for name, command in EVERY if isinstance(command, click.Group)}


@pytest.mark.parametrize(("name", "command"), EVERY, ids=[name for name, _ in EVERY])
def test_help_shows_examples_that_are_understood(name, command):
    program, *path = name.split()
    shown = CliRunner().invoke(PROGRAMS[program], [*path, "--help"]).stdout
    assert command.help
    assert "\\b" not in shown
    for example in command.examples:
        assert f"  {example}\n" in shown
    own = [line for line in command.examples if f"{name} " in f"{line} "]
    assert own, f"{name} has no example of itself"
    if isinstance(command, click.Group):
        return
    for line in own:
        words = split_arg_string(line.split("#")[0].split(">")[0])
        typed = [word for word in words if "(" not in word][len(path) + 1 :]
        if line.startswith(name):
            # Parsing alone: files that are named need not be there.
            known = {
                option for each in command.params for option in (*each.opts, *each.secondary_opts)
            }
            assert {word for word in typed if word.startswith("-")} <= known, line


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_says_of_a_command_what_the_command_says_of_itself(name):
    group = GROUPS[name]
    for part, listed in group.commands.items():
        _, itself, _ = group.resolve_command(click.Context(group), [part])
        assert listed.get_short_help_str(limit=1000) == itself.get_short_help_str(limit=1000)


@pytest.mark.parametrize("program", PROGRAMS)
def test_completion_knows_commands_and_options(program):
    complete = BashComplete(PROGRAMS[program], {}, program, "_UNUSED")
    names = [item.value for item in complete.get_completions([], "")]
    assert names == sorted(PROGRAMS[program].commands)
    first = next(iter(PROGRAMS[program].commands))
    assert "--help" in [item.value for item in complete.get_completions([first], "--")]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(program, shell):
    result = CliRunner().invoke(PROGRAMS[program], ["completion", shell])
    assert result.exit_code == 0
    assert f"{shell}_complete" in result.stdout
    assert program in result.stdout


def test_bash_completes_with_the_printed_script(tmp_path):
    script = CliRunner().invoke(imgsig_cli, ["completion", "bash"]).stdout
    typed = (
        'COMP_WORDS=(imgsig dist); COMP_CWORD=1; _imgsig_completion imgsig; echo "${COMPREPLY[@]}"'
    )
    program = tmp_path / "imgsig"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m imgsig.cli "$@"\n')
    program.chmod(0o755)
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", f"{script}\n{typed}"], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "distance"


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_not_understood_has_an_exit_code_of_its_own(program):
    result = CliRunner().invoke(PROGRAMS[program], ["no-such-command"])
    assert result.exit_code == ExitCode.USAGE
    assert result.stdout == ""
    assert "no-such-command" in result.stderr
