"""``imgsig index create``."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from imgsig.cli.command import AS_JSON, Command, signature_options
from imgsig.cli.index.session import NAME, URL, connected, pairs, read_json
from imgsig.cli.signature import STRIP_IDS, complete_layouts, explained


@click.command(
    cls=Command,
    examples=(
        "imgsig index create photos",
        "imgsig index create photos --field tenant=keyword --field taken=date",
        "imgsig index create photos --layout integer_filtered --codec base62 -k 10 -N 100",
        "imgsig index create photos --fields fields.json --pixels bytes --shards 3 --replicas 1",
    ),
)
@NAME
@click.option(
    "--layout",
    shell_complete=complete_layouts,
    help="How pictures become documents.  [default: keyword_column]",
)
@click.option(
    "--field",
    "typed",
    multiple=True,
    metavar="NAME=TYPE",
    help="Declare a field for metadata, of a type of the engine.",
)
@click.option(
    "--fields",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with the mapping of each field by its name.",
)
@click.option(
    "-k", type=int, help="Word length, in signature values.  [default: 6; 16 with --layout]"
)
@click.option("-N", "N", type=int, help="Number of words.  [default: 63]")
@click.option("--codec", help="How signatures are stored, id or JSON.  [default: packed, half]")
@click.option("--strip", type=click.Choice(STRIP_IDS), help="Which values are kept.")
@signature_options
@click.option("--shards", type=click.IntRange(1, 1024), help="Primary shards.")
@click.option("--replicas", type=click.IntRange(min=0), help="Copies of each shard.")
@URL
@AS_JSON
def create(
    *,
    name: str,
    layout: str | None,
    typed: Sequence[str],
    file: Path | None,
    k: int | None,
    N: int | None,
    codec: str | None,
    strip: str | None,
    shards: int | None,
    replicas: int | None,
    url: str | None,
    as_json: bool,
    **of_signature: Any,
) -> None:
    """Create the index NAME.

    What it is made with stands in the index itself. An index of this name that is there is left
    alone, and the exit code is then 1.
    """
    with explained():
        from imgsig.config import SignatureConfig
        from imgsig.index import ImageIndex

        config = SignatureConfig(**of_signature)
        settings = {"number_of_shards": shards, "number_of_replicas": replicas}
        words = {name: number for name, number in (("N", N), ("k", k)) if number is not None}
        fields, stored = _fields(typed, file), _codec(codec, strip)
        with connected(url) as client:
            made = ImageIndex.create(
                client,
                name,
                layout=layout,
                fields=fields,
                words=words or None,
                codec=stored,
                config=config,
                settings={key: value for key, value in settings.items() if value is not None},
            )
        identity = made.identity.get_config()
    if as_json:
        click.echo(json.dumps({"name": name, "identity": identity, "fields": made.fields}))
    else:
        click.echo(f"created {name}: {json.dumps(identity)}")


def _fields(typed: Sequence[str], file: Path | None) -> dict[str, Any]:
    declared = read_json(file, "--fields") if file else {}
    for key, kind in pairs(typed, "--field").items():
        if key in declared:
            raise click.UsageError(f"--field and --fields both declare {key!r}; declare it once")
        declared[key] = {"type": kind}
    return declared


def _codec(typed: str | None, strip: str | None) -> dict[str, Any] | None:
    if typed is None:
        return {"id": "packed", "strip": strip} if strip else None
    try:
        codec = json.loads(typed) if typed.lstrip().startswith("{") else {"id": typed}
    except ValueError as error:
        raise click.UsageError(f"--codec is no JSON: {error}") from None
    return codec | ({"strip": strip} if strip else {})
