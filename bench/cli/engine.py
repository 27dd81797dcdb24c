"""``imgsig-bench engine``: start, find and stop engines of our own."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli.session import errors_explained, print_json
from imgsig.cli.command import AS_JSON, QUIET, Group

if TYPE_CHECKING:
    from bench.engine import EngineState


@click.group(
    cls=Group,
    examples=(
        "imgsig-bench engine start",
        "imgsig-bench engine status",
        "imgsig-bench engine stop",
    ),
)
def engine() -> None:
    """Start, list and stop embedded engines."""


@engine.command(
    examples=(
        "imgsig-bench engine start",
        "imgsig-bench engine start --nodes 3 --heap 512m",
        "imgsig-bench engine start --engine opensearch --version 3.3.2",
        'export ES_URL="$(imgsig-bench engine start --quiet)"',
        'eval "$(imgsig-bench engine start --export)"',
    )
)
@click.option(
    "--engine",
    "name",
    default="elasticsearch",
    show_default=True,
    help="Or opensearch.",
)
@click.option("--version", help="Its version. Default: the newest of that name.")
@click.option("--heap", default="1g", show_default=True, help="Size of the Java heap.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Folder for its data."
)
@click.option(
    "--nodes", default=1, show_default=True, help="Number of nodes, each with its own heap."
)
@click.option(
    "--export",
    is_flag=True,
    help="Print the shell commands that lead other programs there, such as imgsig.",
)
@AS_JSON
@QUIET
def start(
    name: str,
    version: str | None,
    heap: str,
    folder: Path | None,
    nodes: int,
    export: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Start an engine that runs until stopped, and print its URL.

    Its password is in a file; the commands of imgsig-bench find it by themselves. Others, such as
    imgsig index, are let in by what --export prints: eval "$(imgsig-bench engine start --export)".
    """
    with errors_explained(quiet=quiet):
        from bench.engine import start_engine
        from bench.engine.catalog import find_distribution
        from bench.engine.password import USER
        from datasets.cache import cache_dir

        wanted = find_distribution(name, version)
        where = folder or cache_dir() / f"{wanted.name}{f'-nodes-{nodes}' if nodes > 1 else ''}"
        state = start_engine(where, heap, nodes=nodes, distribution=wanted)
        if as_json:
            print_json(_data(state))
        elif export:
            click.echo(_exports(state))
        else:
            click.echo(state.url)
            if not quiet and state.password_file:
                click.echo(f"user {USER}, password in {state.password_file}", err=True)


@engine.command(examples=("imgsig-bench engine status", "imgsig-bench engine status --json"))
@AS_JSON
def status(as_json: bool) -> None:
    """List running engines."""
    with errors_explained():
        from bench.engine import engine_status

        states = engine_status()
        if as_json:
            print_json([_data(state) for state in states])
            return
        for state in states:
            click.echo(f"{state.url}\t{state.title}\tpid {state.pid}\t{state.folder}")
        if not states:
            click.echo("no engine is running", err=True)


@engine.command(examples=("imgsig-bench engine stop", "imgsig-bench engine stop --json"))
@AS_JSON
def stop(as_json: bool) -> None:
    """Stop all engines left running. Their data are kept."""
    with errors_explained():
        from bench.engine import stop_engine

        stopped = stop_engine()
        if as_json:
            print_json([_data(state) for state in stopped])
            return
        for state in stopped:
            click.echo(f"stopped {state.url}")
        if not stopped:
            click.echo("no engine was left running", err=True)


def _exports(state: "EngineState") -> str:
    """Lines for a shell, which reads the password itself: it is not shown."""
    from bench.engine.password import USER

    lines = [f"export ES_URL={shlex.quote(state.url)}"]
    if state.password_file:
        password = shlex.quote(state.password_file)
        lines += [f"export ES_USER={USER}", f'export ES_PASSWORD="$(cat {password})"']
    return "\n".join(lines)


def _data(state: "EngineState") -> dict[str, Any]:
    names = ("url", "engine", "version", "folder", "password_file", "pid", "kept")
    return {name: getattr(state, name) for name in names}
