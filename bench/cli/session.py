"""What commands share: errors a user can act on, the cluster at hand, results as JSON."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from bench.runs.errors import BenchError
from imgsig.cli.boundary import errors_explained as explained
from imgsig.errors import ImgsigError

if TYPE_CHECKING:
    from rich.console import Console

    from bench.engine import Engine
    from bench.report.page import Listing

_PROGRAM = "imgsig-bench"


@contextmanager
def errors_explained(*, quiet: bool = False, goes_on: bool = False) -> "Iterator[Console]":
    """Print errors a user can act on as one message; leave others to `imgsig.cli.boundary`."""
    from bench.engine import EngineError
    from bench.engine.errors import console as engine_console
    from datasets import DatasetError
    from imgsig.cli.terminal import progress_console

    known = (BenchError, EngineError, DatasetError, ImgsigError)
    again = "interrupted; repeat the command to resume" if goes_on else "interrupted"
    shown = engine_console.quiet
    engine_console.quiet = quiet
    try:
        with explained(_PROGRAM, known, again), _of_engine(goes_on):
            yield progress_console(quiet=quiet)
    finally:
        engine_console.quiet = shown


@contextmanager
def _of_engine(goes_on: bool) -> Iterator[None]:
    """What an engine, files and a request to end raise, as errors that a user can act on."""
    from elasticsearch import ApiError, TransportError

    from bench.engine import Terminated
    from bench.engine.client import explain

    try:
        yield
    except (ApiError, TransportError) as error:
        kept = "\nWhat was done is kept; the same command resumes from there"
        raise BenchError(f"{explain(error)}{kept if goes_on else ''}") from error
    except BrokenPipeError:
        raise
    except OSError as error:
        about = f": {error.filename}" if error.filename else ""
        kept = (
            "What was done is kept; when this is fixed, the same command resumes from there"
            if goes_on
            else "Fix this and try again"
        )
        raise BenchError(f"{error.strerror or error}{about}\n{kept}") from error
    except Terminated as error:
        raise KeyboardInterrupt from error


#: What the names of variables begin with that lead to another cluster to write to.
TARGET = "TARGET_"


@contextmanager
def open_target(url: str | None) -> "Iterator[Engine | None]":
    """Open the other cluster that a command is to write to; None where none is named.

    Its address and credentials are in variables of their own, whose names begin with `TARGET`.
    """
    from bench.engine import EngineError, open_engine
    from datasets.cache import cache_dir
    from imgsig.cluster import VARIABLES
    from imgsig.errors import ConfigError

    env = dict(os.environ)
    if url:
        env[f"{TARGET}ES_URL"] = url
    if not env.get(f"{TARGET}ES_URL"):
        if given := [name for part in VARIABLES if env.get(name := f"{TARGET}{part}")]:
            raise BenchError(f"{', '.join(given)} without an address: set {TARGET}ES_URL too")
        yield None
        return
    with ExitStack() as stack:
        try:
            engine = stack.enter_context(open_engine(cache_dir(), env=env, prefix=TARGET))
        except (EngineError, ConfigError) as error:
            raise type(error)(f"the target: {error}") from None
        yield engine


@contextmanager
def open_cluster(es_url: str | None) -> "Iterator[Engine]":
    """Open the cluster that a command is to look at, see `cluster_environment`."""
    from bench.engine import open_engine
    from datasets.cache import cache_dir

    with open_engine(cache_dir(), env=cluster_environment(es_url)) as engine:
        yield engine


def cluster_environment(es_url: str | None) -> dict[str, str]:
    """The environment with the cluster in it that a command is to look at."""
    from bench.engine import engine_status

    env = dict(os.environ)
    if es_url:
        env["ES_URL"] = es_url
    if not env.get("ES_URL"):
        running = [state for state in engine_status() if state.kept]
        if not running:
            raise BenchError(
                "no cluster to read: give --es-url, set ES_URL, or leave an engine running with "
                "'imgsig-bench run CONFIG --keep-engine'"
            )
        env["ES_URL"] = running[-1].url
    return env


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


def print_listing(listing: "Listing", console: "Console") -> None:
    """Print a table of a page on the terminal."""
    from rich.markup import escape

    from imgsig.cli.terminal import WholeTable

    table = WholeTable(title=listing.title, title_justify="left")
    for heading, is_number in zip(listing.columns, listing.numeric, strict=True):
        table.add_column(heading, justify="right" if is_number else "left")
    for row in listing.rows:
        table.add_row(*map(escape, row))
    console.print(table)
