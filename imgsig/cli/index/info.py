"""``imgsig index info``."""

import json
from typing import Any

import click

from imgsig.cli.command import AS_JSON, Command
from imgsig.cli.index.session import NAME, URL, opened
from imgsig.cli.signature import explained


@click.command(
    cls=Command, examples=("imgsig index info photos", "imgsig index info photos --json")
)
@NAME
@URL
@AS_JSON
def info(name: str, url: str | None, as_json: bool) -> None:
    """Print what the index NAME is and holds."""
    with explained(), opened(url, name) as index:
        about = index.describe()
    if as_json:
        click.echo(json.dumps(about))
        return
    for title, text in _lines(about).items():
        click.echo(f"{title:<11}{text}")


def _lines(about: dict[str, Any]) -> dict[str, str]:
    engine, identity = about["engine"], about["identity"]
    size, whole = about["bytes"], about["bytes_with_replicas"]
    fields = [f"{key}={one.get('type', 'object')}" for key, one in about["fields"].items()]
    return {
        "index": about["index"],
        "aliases": ", ".join(about["aliases"]) or "none",
        "engine": f"{engine['name']} {engine['version'] or '(it does not tell its version)'}",
        "documents": f"{about['documents']:,}",
        "bytes": "not told" if size is None else f"{size:,} ({whole:,} with replicas)",
        "layout": identity["layout"],
        "words": json.dumps(identity["words"]),
        "codec": json.dumps(identity["codec"]),
        "signature": json.dumps(identity["signature"]),
        "fields": ", ".join(fields) or "none",
    }
