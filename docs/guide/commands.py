"""Reference of the command lines, from their help."""

from collections.abc import Iterator

import click

from bench.cli import cli as bench_cli
from guide.markdown import table
from imgsig.cli import cli as imgsig_cli
from imgsig.cli.boundary import ExitCode

_WIDTH = 92


def commands_page() -> str:
    """What every command says of itself."""
    text = (
        "# Command line\n\nResults go to standard output and everything else to standard error, so "
        "that `--json` can be piped. Colours are for terminals only; `NO_COLOR` turns them off. "
        "Ctrl-C leaves a run that the same command goes on with. [Exit codes](exit-codes.md).\n"
    )
    for name, program in (("imgsig", imgsig_cli), ("imgsig-bench", bench_cli)):
        for title, command, context in _every(name, program, None):
            depth = "##" if command is program else "###"
            text += f"\n{depth} `{title}`\n\n```text\n{command.get_help(context)}\n```\n"
    return text


def _every(
    name: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=_WIDTH)
    context.terminal_width = _WIDTH
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for part in command.commands:
            _, inner, _ = command.resolve_command(context, [part])
            yield from _every(part, inner, context)


def exit_codes_page() -> str:
    """What scripts can rely on."""
    rows = [(code.value, f"`{code.name}`", code.meaning) for code in ExitCode]
    return (
        "# Exit codes\n\nOf `imgsig` and `imgsig-bench`, as `imgsig.cli.boundary` "
        "defines them.\n\n" + table(["code", "name", "meaning"], rows, "r")
    )
