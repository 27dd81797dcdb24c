"""Commands that show examples, groups that import one when it is called, and shared options."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from imgsig.cli.boundary import TRACEBACK, boundary


class Command(click.Command):
    """A command with examples: lines as a user types them, which the tests run."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The parameters of the command, and those that every command has."""
        *own, last = super().get_params(ctx)
        return [*own, TRACEBACK, last]  # the last is --help

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options, one a line, never wrapped."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class Deferred(click.Command):
    """Stands for a command until it is called: its name and its help, nothing imported."""

    def __init__(self, name: str, where: str, help_: str) -> None:
        super().__init__(name, help=help_)
        self._module, _, self._attribute = where.partition(":")

    def load(self) -> click.Command:
        """The command itself, imported."""
        command: click.Command = getattr(import_module(self._module), self._attribute)
        return command


class Group(Command, click.Group):
    """A group of commands with examples of its own; its commands are `Command`.

    `deferred` is of commands that are not imported before they are called, or their own help is
    asked for: where each is, ``module:attribute``, and the first sentence of its help.
    """

    command_class = Command
    group_class = type

    def __init__(
        self, *args: Any, deferred: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, (where, help_) in (deferred or {}).items():
            self.add_command(Deferred(name, where, help_))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called, and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Deferred) else command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command; the outermost group is where a program ends, whatever happens."""
        if ctx.parent is not None:
            return super().invoke(ctx)
        with boundary(ctx):
            return super().invoke(ctx)


#: A picture file that is there.
IMAGE = click.Path(exists=True, dir_okay=False, path_type=Path)

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")

QUIET = click.option(
    "--quiet", "-q", is_flag=True, help="Show no progress: only the result, or the error."
)

_OF_SIGNATURES = (
    click.option(
        "--pixels",
        default="uniform",
        show_default=True,
        type=click.Choice(("uniform", "path", "bytes")),
        help="Pixels to grey levels by one rule for all, or as image-match by path or by bytes.",
    ),
    click.option("--exif", is_flag=True, help="Turn pictures as EXIF says first."),
    click.option(
        "--alpha",
        default="white",
        show_default=True,
        type=click.Choice(("white", "grey")),
        help="What is behind transparent pixels.",
    ),
)


def signature_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a signature: keyword arguments of `imgsig.SignatureConfig`."""
    for option in reversed(_OF_SIGNATURES):
        function = option(function)
    return function
