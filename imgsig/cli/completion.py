"""``completion``: the script that completes commands, options and names in a shell."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import get_completion_class

from imgsig.cli.command import Command

if TYPE_CHECKING:
    from imgsig.cluster import ClusterSettings

#: A shell waits for the answer: later than this is worse than none.
_SECONDS = 2

_INSTALL = {
    "bash": "{program} completion bash > ~/.local/share/bash-completion/completions/{program}",
    "zsh": "{program} completion zsh > ~/.zfunc/_{program}   # ~/.zfunc must be in fpath",
    "fish": "{program} completion fish > ~/.config/fish/completions/{program}.fish",
}


def completion_command(program: str) -> click.Command:
    """Make the command ``completion`` of a program.

    It prints the script for a shell; its help says how to install it.
    """
    text = (
        "Print the script that completes commands, options and names in SHELL.\n\n"
        "Write it where the shell looks for it, once, and open a new shell."
    )
    examples = [line.format(program=program) for line in _INSTALL.values()]

    @click.command("completion", cls=Command, help=text, examples=examples)
    @click.argument("shell", type=click.Choice(list(_INSTALL)))
    @click.pass_context
    def completion(context: click.Context, shell: str) -> None:
        variable = f"_{program}_COMPLETE".replace("-", "_").upper()
        script = get_completion_class(shell)
        if script is None:  # a shell that click no longer knows
            raise click.UsageError(f"no completion for {shell}")
        root = context.find_root().command
        made = script(root, {}, program, variable)
        # Not `source()`: that also asks the bash of this machine for its version.
        click.echo(made.source_template % made.source_vars())

    return completion


def starting_with(prefix: str, names: list[str]) -> list[str]:
    """Names that a word typed so far can become."""
    return [name for name in names if name.startswith(prefix)]


def existing(prefix: str, suffixes: tuple[str, ...]) -> list[str]:
    """Folders and files with one of the suffixes that a path typed so far can become."""
    typed = Path(prefix)
    parent = typed if prefix.endswith("/") or not prefix else typed.parent
    try:
        found = sorted(parent.iterdir())
    except OSError:
        return []
    shown = [
        f"{path}/" if path.is_dir() else str(path)
        for path in found
        if not path.name.startswith(".") and (path.is_dir() or path.suffix in suffixes)
    ]
    return starting_with(prefix, shown)


def index_names(settings: "ClusterSettings", prefix: str) -> list[str]:
    """Indices and aliases of a cluster that begin with it; none without an answer."""
    from http.client import HTTPException
    from urllib.parse import quote

    target = f"/{quote(prefix, safe='')}*/_alias?expand_wildcards=open"
    try:
        answer = settings.ask(target, _SECONDS)
        found = answer.body if answer.status == 200 else {}
        names = {*found, *(alias for one in found.values() for alias in one["aliases"])}
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError):
        return []
    return starting_with(prefix, sorted(names))
