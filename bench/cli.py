"""The command ``imgsig-bench``: run experiments, look at results, compare indices."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from elasticsearch import ApiError, TransportError
from rich.console import Console
from rich.table import Table

from bench.compare import Compared, compare_indices
from bench.engine import (
    EngineError,
    Terminated,
    engine_status,
    open_engine,
    start_engine,
    stop_engine,
)
from bench.engine.folder import place
from bench.environment import ROOT
from bench.errors import BenchError
from bench.experiment import load_experiment
from bench.report import print_summary, summarize, verdict, write_report
from bench.run import run_experiment, run_folder
from bench.run_folder import RunFolder
from datasets import DatasetError, open_collection
from datasets.cache import cache_dir
from imgsig import ImgsigError

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    r"""Measure what signature-based image search takes and finds on Elasticsearch.

    \b
    Examples:
      imgsig-bench run bench/configs/tester.yaml
      imgsig-bench report results/reference
      imgsig-bench run bench/configs/tester.yaml --keep-engine
      imgsig-bench compare tester tester_str tester_none
      imgsig-bench engine stop

    An Elasticsearch of its own is started where ES_URL is not set. With ES_URL (and ES_API_KEY, or
    ES_USER and ES_PASSWORD) that cluster is used.
    """


@cli.command()
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--results",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "results",
    help="Where result folders are kept.  [default: results/ of the clone]",
)
@click.option("--keep-engine", is_flag=True, help="Leave Elasticsearch running, indices in it.")
@click.option("--plan", is_flag=True, help="List the variants and stop.")
def run(config: Path, results: Path, keep_engine: bool, plan: bool) -> None:
    """Run the experiment CONFIG, or the rest of it if it was interrupted."""
    with _errors_explained():
        experiment = load_experiment(config)
        folder = run_folder(results, experiment)
        if plan:
            for variant in experiment.expand():
                click.echo(f"{variant.index_name}\t{variant.key}")
            return
        console = Console(stderr=True)
        if (
            folder.is_finished
            and keep_engine
            and not place(folder.work / "engine", cache_dir()).exists()
        ):
            click.echo(
                f"This run is finished and its indices are gone; delete {folder.path} to run it "
                "again and keep them",
                err=True,
            )
        if not folder.is_finished:
            console.print(f"Run folder: {folder.path}", highlight=False, soft_wrap=True)
            text = config.read_text(encoding="utf-8")
            run_experiment(
                experiment, folder, config_text=text, console=console, keep_engine=keep_engine
            )
        _show(folder)


@cli.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
def report(run: Path) -> None:
    """Draw the report of the finished run in folder RUN again, and show its table."""
    with _errors_explained():
        folder = RunFolder(run)
        write_report(folder, folder.manifest())
        _show(folder)


def _show(folder: RunFolder) -> None:
    rows = summarize(folder)
    console = Console()
    print_summary(rows, verdict(rows, folder.table("comparisons")), console)
    console.print(f"Report: {folder.path / 'report.html'}", highlight=False, soft_wrap=True)


@cli.command()
@click.argument("indices", nargs=-1, required=True)
@click.option("--es-url", help="Cluster to look at; else ES_URL, else the engine that was kept.")
@AS_JSON
def compare(indices: tuple[str, ...], es_url: str | None, as_json: bool) -> None:
    """Compare the size of INDICES, whoever built them. Reads only."""
    with _errors_explained():
        env = dict(os.environ)
        if es_url:
            env["ES_URL"] = es_url
        if not env.get("ES_URL"):
            running = [state for state in engine_status() if state.kept]
            if not running:
                raise BenchError(
                    "no cluster to look at: give --es-url, set ES_URL, or leave an engine running "
                    "with 'imgsig-bench run CONFIG --keep-engine'"
                )
            env["ES_URL"] = running[-1].url
        with open_engine(cache_dir(), env=env) as engine:
            _print_comparison(compare_indices(engine.client, indices), as_json)


def _print_comparison(compared: list[Compared], as_json: bool) -> None:
    first = compared[0].size
    rows = [
        {
            "index": one.index,
            "documents": one.size.documents,
            "store_bytes": one.size.store_bytes,
            "bytes_per_document": one.size.bytes_per_document if one.size.documents else None,
            "segments": one.size.segments,
            "deleted": one.size.deleted,
            "replicas": one.size.replicas,
            "warnings": list(one.warnings),
        }
        for one in compared
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table()
    table.add_column("index")
    for heading in ("documents", "MB", "B/doc", f"{compared[0].index} is", "segments"):
        table.add_column(heading, justify="right")
    table.add_column("compare with care")
    for one in compared:
        size = one.size
        per_document = size.bytes_per_document if size.documents else float("nan")
        ratio = first.bytes_per_document / per_document if first.documents else float("nan")
        table.add_row(
            one.index,
            f"{size.documents:,}",
            f"{size.store_bytes / 1e6:,.1f}",
            f"{per_document:,.0f}",
            f"{ratio:.2f}×",
            str(size.segments),
            "; ".join(one.warnings),
        )
    Console().print(table)


@cli.command()
@click.argument("spec", default="photos")
@AS_JSON
def datasets(spec: str, as_json: bool) -> None:
    """Fetch the collection SPEC (photos, or folder:PATH) and say what is in it."""
    with _errors_explained():
        collection = open_collection(spec)
        facts: dict[str, Any] = {
            "collection": collection.name,
            "photographs": len(collection.photographs),
            "groups": len({photo.group for photo in collection.photographs}),
            "originals": len(collection.originals),
            "unreadable": len(collection.unreadable),
        }
        if as_json:
            click.echo(json.dumps(facts))
            return
        for name, value in facts.items():
            click.echo(f"{name:12} {value}")
        for unreadable in collection.unreadable:
            click.echo(f"unreadable: {unreadable}", err=True)


@cli.group()
def engine() -> None:
    """Start, find and stop Elasticsearch engines of our own."""


@engine.command()
@click.option("--heap", default="1g", show_default=True, help="Size of the Java heap.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="For its data.")
def start(heap: str, folder: Path | None) -> None:
    """Start an engine that runs until it is stopped."""
    with _errors_explained():
        click.echo(start_engine(folder or cache_dir() / "engine", heap).url)


@engine.command()
@AS_JSON
def status(as_json: bool) -> None:
    """List running engines."""
    with _errors_explained():
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
    with _errors_explained():
        for state in stop_engine():
            click.echo(f"stopped {state.url}")


@contextmanager
def _errors_explained() -> Iterator[None]:
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


def main() -> None:
    """Run the command line."""
    cli(prog_name="imgsig-bench")
