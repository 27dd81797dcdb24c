"""Commands whose help shows examples."""

from collections.abc import Sequence
from typing import Any

import click

from imgsig.cli.boundary import TRACEBACK, boundary


class _Examples(click.Command):
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


class Command(_Examples):
    """A command with examples.

    Parameters
    ----------
    examples : sequence of str
        Command lines as a user types them; the tests run them.
    """


class Group(_Examples, click.Group):
    """A group of commands with examples of its own; its commands are `Command`."""

    command_class = Command
    group_class = type

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command; the outermost group is where a program ends, whatever happens."""
        if ctx.parent is not None:
            return super().invoke(ctx)
        with boundary(ctx):
            return super().invoke(ctx)
