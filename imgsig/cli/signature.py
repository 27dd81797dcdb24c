"""``imgsig signature``, ``words``, ``distance`` and ``codecs``: of single pictures."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from imgsig.cli.boundary import ExitCode, errors_explained, reason_of
from imgsig.cli.command import AS_JSON, IMAGE, Command, signature_options
from imgsig.cli.completion import starting_with
from imgsig.errors import ImgsigError
from imgsig.file_names import shown_name, written_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from imgsig.config import SignatureConfig

#: Ids of the strips, as in `imgsig.strips`; the option is read before that is imported.
STRIP_IDS = ("none", "border", "half")

#: Errors of this program, as a user sees them.
explained = partial(errors_explained, "imgsig", (ImgsigError, OSError))


def _complete_codec(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from imgsig.codecs import codec_ids

    return [CompletionItem(name) for name in starting_with(incomplete, codec_ids())]


def complete_layouts(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Ids of layouts."""
    from imgsig.layouts import LAYOUTS

    return starting_with(incomplete, list(LAYOUTS))


@click.command(
    cls=Command,
    examples=(
        "imgsig signature photo.jpg",
        "imgsig signature photo.jpg --codec base62 --strip half",
        "imgsig signature photo.jpg --codec context --json",
        "imgsig signature photo.jpg --pixels bytes --exif",
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
    type=click.Choice(STRIP_IDS),
    help="Which values are kept.",
)
@signature_options
@AS_JSON
def signature(image: Path, codec_id: str, strip: str, as_json: bool, **of_signature: Any) -> None:
    """Print the signature of IMAGE, in the form a codec stores."""
    with explained():
        from imgsig.codecs import get_codec
        from imgsig.config import SignatureConfig
        from imgsig.signature import generate_signature

        config = SignatureConfig(**of_signature)
        codec = get_codec({"id": codec_id} | ({"strip": strip} if strip != "none" else {}))
        form = _printable(codec.encode(generate_signature(image, config)))
    if as_json:
        row = {"image": written_name(image), "codec": codec.get_config(), "stored": form}
        click.echo(json.dumps(row))
    else:
        click.echo(form)


@click.command(
    cls=Command,
    examples=(
        "imgsig words photo.jpg",
        "imgsig words photo.jpg -k 10 -N 100 --json",
        "imgsig words photo.jpg --layout tagged_column",
    ),
)
@click.argument("image", type=IMAGE)
@click.option("-k", default=16, show_default=True, help="Word length, in signature values.")
@click.option("-N", "N", default=63, show_default=True, help="Number of words.")
@click.option(
    "--layout",
    shell_complete=complete_layouts,
    help="Print the fields that an index of this layout is searched by.",
)
@signature_options
@click.option("--json", "as_json", is_flag=True, help="Print an object with the parameters too.")
def words(
    image: Path, k: int, N: int, layout: str | None, as_json: bool, **of_signature: Any
) -> None:
    """Print the words of IMAGE, as a JSON array.

    Word i is the number whose digits to base 3 are k values of the signature from its i-th position
    on, each plus 1, the first the least. An index may hold them in another form, such as with their
    position in the same number: --layout prints that.
    """
    with explained():
        from imgsig.config import SignatureConfig
        from imgsig.signature import generate_signature
        from imgsig.words import WordScheme

        config = SignatureConfig(**of_signature)
        taken = generate_signature(image, config)
        scheme = WordScheme(N=N, k=k, grid=config.grid)
        cut = scheme.words(taken)
        found: Any = cut.tolist()
        if layout is not None:
            from imgsig.layouts import get_layout

            (found,) = get_layout(layout).matcher.fields(scheme, taken[None], cut[None])
    row = {"image": written_name(image), "k": k, "N": N}
    row |= ({"layout": layout} if layout else {}) | {"words": found}
    click.echo(json.dumps(row if as_json else found))


@click.command(
    cls=Command,
    examples=("imgsig distance a.jpg b.jpg", "imgsig distance a.jpg b.jpg c.jpg --json"),
)
@click.argument("image", type=IMAGE)
@click.argument("others", type=click.Path(path_type=Path), nargs=-1, required=True)
@signature_options
@AS_JSON
@click.pass_context
def distance(
    context: click.Context,
    /,
    image: Path,
    others: tuple[Path, ...],
    as_json: bool,
    **of_signature: Any,
) -> None:
    """Print the distance of IMAGE from each of OTHERS: 0 the same, up to 1.

    The reference takes pictures closer than 0.45 for matches. A file that has no signature has no
    distance, the reason is said, and the exit code is then 1.
    """
    with explained():
        from imgsig.config import SignatureConfig
        from imgsig.signature import generate_signature

        config = SignatureConfig(**of_signature)
        query = generate_signature(image, config)
        _tell_if_blank(image, query)
        rows = [_compared(query, other, config) for other in others]
    named = [shown_name(other) for other in others]
    if as_json:
        click.echo(json.dumps(rows))
    else:
        cells = [{**row, "image": name} for row, name in zip(rows, named, strict=True)]
        headings = {"equal_words": "equal words of 63"}
        print_table(cells, ["image", "distance", "equal_words"], headings)
    failed = [row["reason"] for row in rows if row["reason"]]
    for reason in failed:
        click.echo(f"imgsig: {reason}", err=True)
    if failed:
        context.exit(ExitCode.FAILED)


def _compared(query: "NDArray[np.int8]", other: Path, config: "SignatureConfig") -> dict[str, Any]:
    from imgsig.distance import normalized_distance
    from imgsig.signature import generate_signature
    from imgsig.words import get_words

    row = {"image": written_name(other), "distance": None, "equal_words": None, "reason": ""}
    try:
        signature = generate_signature(other, config)
    except (ImgsigError, OSError) as error:
        return row | {"reason": reason_of(error)}
    _tell_if_blank(other, signature)
    (apart,) = normalized_distance(signature[None], query).tolist()
    same = int((get_words(signature) == get_words(query)).sum())
    return row | {"distance": apart, "equal_words": same}


def _tell_if_blank(image: Path, signature: "NDArray[np.int8]") -> None:
    if not signature.any():
        click.echo(
            f"imgsig: {shown_name(image)} is blank: its signature is all zeros, at distance 1 from "
            "every picture, even from another blank one with the same words",
            err=True,
        )


@click.command(cls=Command, examples=("imgsig codecs photo.jpg", "imgsig codecs photo.jpg --json"))
@click.argument("image", type=IMAGE)
@signature_options
@AS_JSON
def codecs(image: Path, as_json: bool, **of_signature: Any) -> None:
    """Print how large the signature of IMAGE is in every codec and strip."""
    with explained():
        from imgsig.codecs import codec_ids
        from imgsig.config import SignatureConfig
        from imgsig.signature import generate_signature

        taken = generate_signature(image, SignatureConfig(**of_signature))
        rows: list[dict[str, Any]] = []
        for codec_id in codec_ids():
            own, reason = _sizes(codec_id, taken)
            rows += own
            if not own:
                click.echo(f"imgsig: left out: {reason}", err=True)
    if as_json:
        click.echo(json.dumps(rows))
    else:
        print_table([row | {"stored": _short(row["stored"])} for row in rows], list(rows[0]), {})


def _sizes(codec_id: str, taken: "NDArray[np.int8]") -> tuple[list[dict[str, Any]], str]:
    """A row a strip, and why the last strip without one has none."""
    from imgsig.codecs import get_codec

    rows, reason = [], ""
    for strip in STRIP_IDS:
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


def _printable(stored: Any) -> str:
    """Text as it is, everything else as JSON without spaces, raw bytes as hexadecimal."""
    if isinstance(stored, bytes):
        return stored.hex()
    if isinstance(stored, str):
        return stored
    return json.dumps(stored, separators=(",", ":")) if stored is not None else ""


def _short(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def print_table(
    rows: list[dict[str, Any]], columns: Sequence[str], headings: Mapping[str, str]
) -> None:
    """Print rows on the terminal; None is shown as a dash."""
    from rich.console import Console
    from rich.text import Text

    from imgsig.cli.terminal import WholeTable

    table = WholeTable()
    for key in columns:
        justify: Any = "left" if type(rows[0][key]) is str else "right"
        table.add_column(headings.get(key, key), justify=justify)
    for row in rows:
        # Not as markup: names of files may hold any brackets.
        table.add_row(*(Text("–" if row[key] is None else str(row[key])) for key in columns))
    Console().print(table)
