"""``imgsig-bench datasets``: fetch a collection and count what is in it."""

from typing import Any

import click

from bench.cli.session import errors_explained, print_json
from imgsig.cli.command import AS_JSON, QUIET, Command


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench datasets",
        "imgsig-bench datasets folder:/path/to/images",
        "imgsig-bench datasets folder:/path/to/images --json",
    ),
)
@click.argument("spec", default="photos")
@AS_JSON
@QUIET
def datasets(spec: str, as_json: bool, quiet: bool) -> None:
    """Fetch the collection SPEC (photos, or folder:PATH) and count what is in it."""
    with errors_explained(quiet=quiet):
        from datasets import open_collection

        collection = open_collection(spec)
        facts: dict[str, Any] = {
            "collection": collection.name,
            "photographs": len(collection.photographs),
            "groups": len({photo.group for photo in collection.photographs}),
            "originals": len(collection.originals),
            "unreadable": len(collection.unreadable),
        }
        if as_json:
            print_json(facts)
            return
        for name, value in facts.items():
            click.echo(f"{name:12} {value}")
        for unreadable in collection.unreadable:
            click.echo(f"unreadable: {unreadable.file}: {unreadable.reason}", err=True)
