"""``imgsig-bench datasets``: fetch a collection and count what is in it."""

import json
from typing import Any

import click

from bench.cli.explained import AS_JSON, errors_explained
from datasets import open_collection


@click.command()
@click.argument("spec", default="photos")
@AS_JSON
def datasets(spec: str, as_json: bool) -> None:
    """Fetch the collection SPEC (photos, or folder:PATH) and say what is in it."""
    with errors_explained():
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
