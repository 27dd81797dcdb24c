"""``imgsig index search``."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imgsig.cli.boundary import ExitCode, reason_of
from imgsig.cli.command import AS_JSON, Command
from imgsig.cli.index.session import FILTERS, NAME, URL, filter_of, opened
from imgsig.cli.signature import explained, print_table
from imgsig.errors import CorruptImageError
from imgsig.file_names import named_file, shown_name, written_name

if TYPE_CHECKING:
    from imgsig.index import ImageIndex, Match


@click.command(
    cls=Command,
    examples=(
        "imgsig index search photos query.jpg",
        "imgsig index search photos a.jpg b.jpg --size 3 --json",
        "imgsig index search photos query.jpg --precision 0.99",
        "imgsig index search photos query.jpg --max-distance 0.45 --filter tenant=x",
        "imgsig index search photos query.jpg --orientations all --rank score --min-score 10",
    ),
)
@NAME
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--size", default=10, show_default=True, help="Matches at most, of each picture.")
@click.option(
    "--rank",
    type=click.Choice(("score", "distance", "signs", "margin")),
    help="What is best.  [default: distance, where signatures are stored, else margin]",
)
@click.option(
    "--precision",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Leave out what is less than the margin, distance or score from which this share of the "
    "matches was right in measurements: 0.9 or 0.99.",
)
@click.option("--min-margin", type=int, help="Leave out what has less of a margin.")
@click.option(
    "--background",
    metavar="gap|RANK",
    default="gap",
    show_default=True,
    help="Where a margin begins: behind the largest gap, or at the score of a rank.",
)
@click.option("--min-score", type=int, help="Leave out what scores less.")
@click.option("--max-distance", type=float, help="Leave out what is farther, 0 to 1.")
@FILTERS
@click.option(
    "--orientations",
    multiple=True,
    metavar="NAME",
    help="Search for the picture turned or mirrored too: all, or some by name.",
)
@click.option(
    "--candidates",
    default=100,
    show_default=True,
    help="How many of the best by score are ranked by distance, or tell the background.",
)
@URL
@AS_JSON
@click.pass_context
def search(
    context: click.Context,
    /,
    name: str,
    images: tuple[Path, ...],
    filters: tuple[str, ...],
    orientations: tuple[str, ...],
    background: str,
    precision: float | None,
    url: str | None,
    as_json: bool,
    **ranking: Any,
) -> None:
    """Search the index NAME for pictures like each of IMAGES.

    The best match comes first. A file that has no signature is told and passed over, and the exit
    code is then 1.
    """
    asked: dict[str, Any] = {
        "filter": filter_of(filters),
        "orientations": "all" if orientations == ("all",) else orientations or None,
        "background": int(background) if background.isdigit() else background,
        **ranking,
    }
    limits = ("min_margin", "min_score", "max_distance")
    given = [f"--{one.replace('_', '-')}" for one in limits if ranking[one] is not None]
    if precision is not None and given:
        raise click.UsageError(f"--precision chooses the cutoff; give it or {given[0]}, not both")
    with explained(), opened(url, name) as index:
        if precision is not None:
            limit = {"rank": asked["rank"] or "margin", "background": asked["background"]}
            asked |= index.cutoff(precision, **limit).arguments
        found: list[dict[str, Any]] = []
        for image in images:
            matches, reason = _found(index, image, asked)
            found.append({"image": image, "matches": matches, "reason": reason})
    if as_json:
        rows = [
            {**one, "image": written_name(one["image"]), "matches": list(map(asdict, own))}
            for one in found
            for own in (one["matches"],)
        ]
        click.echo(json.dumps(rows, ensure_ascii=False).encode())
    else:
        _print(found, name, turned=bool(orientations), metadata=bool(index.fields))
    failed = [one["reason"] for one in found if one["reason"]]
    for reason in failed:
        click.echo(f"imgsig: {reason}", err=True)
    if failed:
        context.exit(ExitCode.FAILED)


def _found(
    index: "ImageIndex", image: Path, asked: dict[str, Any]
) -> "tuple[Sequence[Match], str]":
    """Matches of a picture, or why it has none."""
    try:
        return index.search(image, **asked), ""
    except (CorruptImageError, OSError) as error:
        return [], reason_of(error)


def _print(found: list[dict[str, Any]], name: str, *, turned: bool, metadata: bool) -> None:
    rows = []
    for one in found:
        image = shown_name(one["image"])
        if not one["matches"] and not one["reason"]:
            click.echo(f"imgsig: {name} has no match of {image}", err=True)
        for match in one["matches"]:
            path = None if match.path is None else shown_name(named_file(match.path))
            row = {"image": image, "path": path, "id": match.id, "score": match.score}
            row["distance"] = None if match.distance is None else f"{match.distance:.4f}"
            row |= {"margin": match.margin, "orientation": match.orientation}
            rows.append(row | {"metadata": json.dumps(match.metadata, ensure_ascii=False)})
    columns = ["path", "id", "score"]
    columns += [key for key in ("distance", "margin") if any(row[key] is not None for row in rows)]
    if len(found) > 1:
        columns.insert(0, "image")
    columns += ["orientation"] * turned + ["metadata"] * metadata
    if rows:
        print_table(rows, columns, {})
