"""``imgsig-bench engine``: start, find and stop engines of our own."""

import json
from pathlib import Path

import click

from bench.cli.explained import AS_JSON, errors_explained
from bench.engine import engine_status, start_engine, stop_engine
from datasets.cache import cache_dir


@click.group()
def engine() -> None:
    """Start, find and stop Elasticsearch engines of our own."""


@engine.command()
@click.option("--heap", default="1g", show_default=True, help="Size of the Java heap.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="For its data.")
@click.option(
    "--nodes", default=1, show_default=True, help="Servers, each with a heap of that size."
)
def start(heap: str, folder: Path | None, nodes: int) -> None:
    """Start an engine that runs until it is stopped."""
    with errors_explained():
        where = folder or cache_dir() / ("engine" if nodes == 1 else f"cluster-{nodes}")
        click.echo(start_engine(where, heap, nodes=nodes).url)


@engine.command()
@AS_JSON
def status(as_json: bool) -> None:
    """List running engines."""
    with errors_explained():
        states = engine_status()
        if as_json:
            click.echo(
                json.dumps([{"url": s.url, "folder": s.folder, "pid": s.pid} for s in states])
            )
            return
        for state in states:
            click.echo(
                f"{state.url}\tElasticsearch {state.version}\tpid {state.pid}\t{state.folder}"
            )
        if not states:
            click.echo("no engine is running")


@engine.command()
def stop() -> None:
    """Stop all engines that were left running. Their data stay."""
    with errors_explained():
        for state in stop_engine():
            click.echo(f"stopped {state.url}")
