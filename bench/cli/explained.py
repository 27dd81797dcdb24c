"""Errors as a user sees them, and options that several commands share."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from elasticsearch import ApiError, TransportError

from bench.engine import EngineError, Terminated
from bench.errors import BenchError
from datasets import DatasetError
from imgsig import ImgsigError

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@contextmanager
def errors_explained() -> Iterator[None]:
    """Print errors a user can act on as one message; let bugs show their traceback."""
    try:
        yield
    except (BenchError, EngineError, DatasetError, ImgsigError) as error:
        click.echo(f"imgsig-bench: {error}", err=True)
        sys.exit(1)
    except (ApiError, TransportError) as error:
        click.echo(
            f"imgsig-bench: Elasticsearch failed: {error}\n"
            "See its log; what was done is kept, and the same command goes on from there",
            err=True,
        )
        sys.exit(1)
    except (KeyboardInterrupt, Terminated):
        click.echo("imgsig-bench: interrupted; start it again to go on from here", err=True)
        sys.exit(130)
