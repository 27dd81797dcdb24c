"""``imgsig index delete``."""

import json
from pathlib import Path

import click

from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import AS_JSON, Command
from imgsig.cli.index.session import NAME, URL, opened
from imgsig.cli.signature import explained


@click.command(
    cls=Command,
    examples=(
        "imgsig index delete photos AZkZ3c5xq2mWc0b7iT9_",
        "imgsig index delete photos --path a.jpg --path b.jpg",
        "imgsig index delete photos --duplicates a.jpg",
    ),
)
@NAME
@click.argument("ids", nargs=-1)
@click.option("--path", "paths", multiple=True, help="Delete all documents of a path.")
@click.option(
    "--duplicates", multiple=True, metavar="PATH", help="Delete all but the first of a path."
)
@URL
@AS_JSON
@click.pass_context
def delete(
    context: click.Context,
    /,
    name: str,
    ids: tuple[str, ...],
    paths: tuple[str, ...],
    duplicates: tuple[str, ...],
    url: str | None,
    as_json: bool,
) -> None:
    """Delete documents of the index NAME, by id or by path.

    A path is typed as it was added. What is not there is told, and the exit code is then 1; a path
    without duplicates is in order.
    """
    if not (ids or paths or duplicates):
        raise click.UsageError("nothing to delete: give IDS, --path or --duplicates")
    missing: list[str] = []
    deleted = 0
    with explained(), opened(url, name) as index:
        if paths or duplicates:
            index.refresh()  # documents are found by path as searches find them
        for one in ids:
            if index.delete(one):
                deleted += 1
            else:
                missing.append(f"id {one!r}")
        for path in paths:
            found = sum(map(index.delete_path, _written(path)))
            deleted += found
            if not found:
                missing.append(f"path {path!r}")
        for path in duplicates:
            deleted += sum(map(index.delete_duplicates, _written(path)))
        index.refresh()
    if as_json:
        click.echo(json.dumps({"deleted": deleted, "missing": missing}))
    else:
        click.echo(f"{name}: {deleted:,} deleted")
    for what in missing:
        click.echo(f"imgsig: {name} has no document with {what}", err=True)
    if missing:
        context.exit(ExitCode.FAILED)


def _written(path: str) -> list[str]:
    """A path as it was typed and, where that differs, as `imgsig index add` writes it.

    >>> _written("./a.jpg"), _written("a.jpg")
    (['./a.jpg', 'a.jpg'], ['a.jpg'])
    """
    return list(dict.fromkeys([path, str(Path(path))]))
