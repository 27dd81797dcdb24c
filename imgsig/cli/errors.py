"""Errors as a user sees them: one message, no traceback, an exit code to rely on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from imgsig.cli.exit_codes import ExitCode


@contextmanager
def errors_explained(
    program: str, errors: tuple[type[BaseException], ...], interrupted: str = "interrupted"
) -> Iterator[None]:
    """Print errors that a user can act on as one message; leave others to `imgsig.cli.boundary`.

    Parameters
    ----------
    program : str
        Name of the command that the message begins with.
    errors : tuple of type
        What a user can act on.
    interrupted : str
        What is said on Ctrl-C.

    Raises
    ------
    SystemExit
        With `ExitCode.FAILED` for `errors`, `ExitCode.INTERRUPTED` for Ctrl-C.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads the output has seen enough: click ends quietly
    except errors as error:
        click.echo(f"{program}: {error}", err=True)
        sys.exit(ExitCode.FAILED)
    except KeyboardInterrupt:
        click.echo(f"{program}: {interrupted}", err=True)
        sys.exit(ExitCode.INTERRUPTED)
