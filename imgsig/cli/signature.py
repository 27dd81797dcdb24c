"""``imgsig signature``, ``words``, ``distance`` and ``codecs``: of single pictures."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from click.shell_completion import CompletionItem
from numpy.typing import NDArray
from rich.console import Console

from imgsig.cli.command import Command
from imgsig.cli.completion import starting_with
from imgsig.cli.errors import errors_explained
from imgsig.cli.options import AS_JSON, IMAGE
from imgsig.cli.table import WholeTable
from imgsig.codecs import codec_ids, get_codec
from imgsig.codecs.base import Codec
from imgsig.distance import normalized_distance
from imgsig.errors import ImgsigError
from imgsig.signature import generate_signature
from imgsig.strips import STRIPS
from imgsig.words import get_words

#: Errors of this program, as a user sees them.
explained = partial(errors_explained, "imgsig", (ImgsigError, OSError))


def _complete_codec(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [CompletionItem(name) for name in starting_with(incomplete, codec_ids())]


@click.command(
    cls=Command,
    examples=(
        "imgsig signature photo.jpg",
        "imgsig signature photo.jpg --codec base62 --strip half",
        "imgsig signature photo.jpg --codec context --json",
    ),
)
@click.argument("image", type=IMAGE)
@click.option(
    "--codec",
    "codec_id",
    default="int_array",
    show_default=True,
    shell_complete=_complete_codec,
    help="Form to print it in; 'imgsig codecs' lists all.",
)
@click.option(
    "--strip",
    default="none",
    show_default=True,
    type=click.Choice(list(STRIPS)),
    help="Which values are kept.",
)
@AS_JSON
def signature(image: Path, codec_id: str, strip: str, as_json: bool) -> None:
    """Print the signature of IMAGE, in the form a codec stores."""
    with explained():
        codec = _codec(codec_id, strip)
        form = _printable(codec.encode(generate_signature(image)))
    if as_json:
        row = {"image": str(image), "codec": codec.get_config(), "stored": form}
        click.echo(json.dumps(row))
    else:
        click.echo(form)


@click.command(
    cls=Command,
    examples=(
        "imgsig words photo.jpg",
        "imgsig words photo.jpg -k 10 -N 100 --json",
    ),
)
@click.argument("image", type=IMAGE)
@click.option("-k", default=16, show_default=True, help="Word length, in signature values.")
@click.option("-N", "N", default=63, show_default=True, help="Number of words.")
@click.option("--json", "as_json", is_flag=True, help="Print an object with the parameters too.")
def words(image: Path, k: int, N: int, as_json: bool) -> None:
    """Print the words of IMAGE, as a JSON array."""
    with explained():
        found = get_words(generate_signature(image), k, N).tolist()
    row = {"image": str(image), "k": k, "N": N, "words": found}
    click.echo(json.dumps(row if as_json else found))


@click.command(
    cls=Command,
    examples=(
        "imgsig distance a.jpg b.jpg",
        "imgsig distance a.jpg b.jpg c.jpg --json",
    ),
)
@click.argument("image", type=IMAGE)
@click.argument("others", type=IMAGE, nargs=-1, required=True)
@AS_JSON
def distance(image: Path, others: tuple[Path, ...], as_json: bool) -> None:
    """Print the distance of IMAGE from each of OTHERS: 0 the same, up to 1.

    The reference takes pictures closer than 0.45 for matches.
    """
    with explained():
        query = generate_signature(image)
        signatures = np.array([generate_signature(other) for other in others])
    distances = normalized_distance(signatures, query).tolist()
    same = (get_words(signatures) == get_words(query)).sum(axis=1).tolist()
    rows = [
        {"image": str(other), "distance": apart, "equal_words": equal}
        for other, apart, equal in zip(others, distances, same, strict=True)
    ]
    _print_rows(rows, as_json, {"equal_words": "equal words of 63"})


@click.command(
    cls=Command,
    examples=(
        "imgsig codecs photo.jpg",
        "imgsig codecs photo.jpg --json",
    ),
)
@click.argument("image", type=IMAGE)
@AS_JSON
def codecs(image: Path, as_json: bool) -> None:
    """Print how large the signature of IMAGE is in every codec and strip."""
    with explained():
        taken = generate_signature(image)
        rows: list[dict[str, Any]] = []
        for codec_id in codec_ids():
            own, reason = _sizes(codec_id, taken)
            rows += own
            if not own:
                click.echo(f"imgsig: left out: {reason}", err=True)
    shown = rows if as_json else [row | {"stored": _short(row["stored"])} for row in rows]
    _print_rows(shown, as_json, {})


def _sizes(codec_id: str, taken: NDArray[np.int8]) -> tuple[list[dict[str, Any]], str]:
    """A row a strip, and why the last strip without one has none."""
    rows, reason = [], ""
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
    return rows, reason


def _codec(codec_id: str, strip: str) -> Codec:
    return get_codec({"id": codec_id, "strip": strip} if strip != "none" else {"id": codec_id})


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
    table = WholeTable()
    for key, value in rows[0].items():
        table.add_column(headings.get(key, key), justify="left" if type(value) is str else "right")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
