"""Errors as a user of ``imgsig-bench`` sees them, and what all its commands print on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bench.runs.errors import BenchError
from imgsig.cli.errors import errors_explained as explained
from imgsig.cli.options import AS_JSON
from imgsig.errors import ImgsigError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["AS_JSON", "errors_explained", "print_json"]

_PROGRAM = "imgsig-bench"


@contextmanager
def errors_explained(*, quiet: bool = False, goes_on: bool = False) -> "Iterator[Console]":
    """Print errors a user can act on as one message; leave others to `imgsig.cli.boundary`."""
    from bench.engine import EngineError
    from bench.engine.errors import console as engine_console
    from datasets import DatasetError
    from imgsig.cli.progress import progress_console

    known = (BenchError, EngineError, DatasetError, ImgsigError)
    again = "interrupted; start it again to go on from here" if goes_on else "interrupted"
    shown = engine_console.quiet
    engine_console.quiet = quiet
    try:
        with explained(_PROGRAM, known, again), _of_engine(goes_on):
            yield progress_console(quiet=quiet)
    finally:
        engine_console.quiet = shown


@contextmanager
def _of_engine(goes_on: bool) -> Iterator[None]:
    """What Elasticsearch, files and a request to end raise, as errors that a user can act on."""
    from elasticsearch import ApiError, TransportError

    from bench.engine import Terminated
    from bench.engine.errors import explain

    try:
        yield
    except (ApiError, TransportError) as error:
        kept = "\nWhat was done is kept, and the same command goes on from there"
        raise BenchError(f"{explain(error)}{kept if goes_on else ''}") from error
    except BrokenPipeError:
        raise
    except OSError as error:
        about = f": {error.filename}" if error.filename else ""
        kept = (
            "What was done is kept; when that is put right, the same command goes on from there"
            if goes_on
            else "Put that right, and start it again"
        )
        raise BenchError(f"{error.strerror or error}{about}\n{kept}") from error
    except Terminated as error:
        raise KeyboardInterrupt from error


def print_json(content: Any) -> None:
    """Print a result as one line of JSON on standard output; NaN becomes null."""
    click.echo(json.dumps(_plain(content), ensure_ascii=False, allow_nan=False))


def _plain(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    if isinstance(content, float) and content != content:  # noqa: PLR0124 - NaN alone is unequal
        return None
    return content.item() if hasattr(content, "item") else content
