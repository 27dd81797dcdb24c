"""The command ``imgsig``: signatures, words and distances of single files."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from imgsig import __version__
from imgsig.codecs import codec_ids, get_codec
from imgsig.codecs.base import Codec
from imgsig.distance import normalized_distance
from imgsig.errors import ImgsigError
from imgsig.signature import generate_signature
from imgsig.strips import STRIPS
from imgsig.words import get_words

IMAGE = click.Path(exists=True, dir_okay=False, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    r"""Image signatures for near-duplicate search.

    \b
    Examples:
      imgsig signature photo.jpg
      imgsig signature photo.jpg --codec base62 --strip half
      imgsig words photo.jpg -k 16 -N 63
      imgsig distance a.jpg b.jpg c.jpg
      imgsig codecs photo.jpg
    """


@cli.command()
@click.argument("image", type=IMAGE)
@click.option("--codec", "codec_id", default="int_array", show_default=True)
@click.option("--strip", default="none", show_default=True, type=click.Choice(list(STRIPS)))
def signature(image: Path, codec_id: str, strip: str) -> None:
    """Print the signature of IMAGE, in the form a codec stores."""
    codec = _codec(codec_id, strip)
    click.echo(_printable(codec.encode(_signature(image))))


@cli.command()
@click.argument("image", type=IMAGE)
@click.option("-k", default=16, show_default=True, help="Word length, in signature values.")
@click.option("-N", "N", default=63, show_default=True, help="Number of words.")
def words(image: Path, k: int, N: int) -> None:
    """Print the words of IMAGE as JSON."""
    try:
        click.echo(json.dumps(get_words(_signature(image), k, N).tolist()))
    except ImgsigError as error:
        _fail(error)


@cli.command()
@click.argument("image", type=IMAGE)
@click.argument("others", type=IMAGE, nargs=-1, required=True)
@AS_JSON
def distance(image: Path, others: tuple[Path, ...], as_json: bool) -> None:
    """Print the distance of IMAGE from each of OTHERS: 0 the same, up to 1.

    The reference takes pictures closer than 0.45 for matches.
    """
    query = _signature(image)
    signatures = np.array([_signature(other) for other in others])
    distances = normalized_distance(signatures, query).tolist()
    same = (get_words(signatures) == get_words(query)).sum(axis=1).tolist()
    rows = [
        {"image": str(other), "distance": apart, "equal_words": equal}
        for other, apart, equal in zip(others, distances, same, strict=True)
    ]
    _print_rows(rows, as_json, {"equal_words": "equal words of 63"})


@cli.command()
@click.argument("image", type=IMAGE)
@AS_JSON
def codecs(image: Path, as_json: bool) -> None:
    """Print how large the signature of IMAGE is in every codec and strip."""
    taken = _signature(image)
    rows: list[dict[str, Any]] = []
    for codec_id in codec_ids():
        reason, before = "", len(rows)
        for strip in STRIPS:
            try:
                codec = get_codec({"id": codec_id, "strip": strip})
            except ImgsigError as error:  # not every codec has every strip
                reason = str(error)
                continue
            stored = codec.encode(taken)
            form = _printable(stored)
            size = len(stored if isinstance(stored, bytes) else form)
            rows.append({"codec": codec_id, "strip": strip, "bytes": size, "stored": form})
        if len(rows) == before:
            click.echo(f"imgsig: left out: {reason}", err=True)
    shown = rows if as_json else [row | {"stored": _short(row["stored"])} for row in rows]
    _print_rows(shown, as_json, {})


def _signature(image: Path) -> NDArray[np.int8]:
    try:
        return generate_signature(image)
    except (ImgsigError, OSError) as error:
        _fail(error)


def _codec(codec_id: str, strip: str) -> Codec:
    try:
        return get_codec({"id": codec_id, "strip": strip} if strip != "none" else {"id": codec_id})
    except ImgsigError as error:
        _fail(error)


def _printable(stored: Any) -> str:
    """Text as it is, everything else as JSON without spaces, raw bytes as hexadecimal."""
    if isinstance(stored, bytes):
        return stored.hex()
    if isinstance(stored, str):
        return stored
    return json.dumps(stored, separators=(",", ":")) if stored is not None else ""


def _short(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _print_rows(rows: list[dict[str, Any]], as_json: bool, headings: dict[str, str]) -> None:
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table()
    for key, value in rows[0].items():
        table.add_column(headings.get(key, key), justify="left" if type(value) is str else "right")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


def _fail(error: Exception) -> NoReturn:
    click.echo(f"imgsig: {error}", err=True)
    sys.exit(1)


def main() -> None:
    """Run the command line."""
    cli(prog_name="imgsig")
