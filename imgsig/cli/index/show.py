"""``imgsig index document`` and ``query``: what is sent for a picture, for one's own client."""

import json
from pathlib import Path

import click

from imgsig.cli.command import IMAGE, Command
from imgsig.cli.index.session import FILTERS, NAME, URL, filter_of, metadata_of, opened
from imgsig.cli.signature import explained


@click.command(
    cls=Command,
    examples=(
        "imgsig index document photos photo.jpg",
        "imgsig index document photos photo.jpg --metadata tenant=x",
    ),
)
@NAME
@click.argument("image", type=IMAGE)
@click.option("--metadata", multiple=True, metavar="KEY=VALUE", help="Value of a declared field.")
@URL
def document(name: str, image: Path, metadata: tuple[str, ...], url: str | None) -> None:
    """Print the document of IMAGE, as the index NAME holds it."""
    with explained(), opened(url, name) as index:
        from imgsig.signature import generate_signature

        made = index.document(
            generate_signature(image, index.identity.signature),
            path=str(image),
            metadata=metadata_of(metadata, index.fields),
        )
    click.echo(json.dumps(made, ensure_ascii=False).encode())


@click.command(
    cls=Command,
    examples=(
        "imgsig index query photos photo.jpg",
        "imgsig index query photos photo.jpg --min-score 10 --filter tenant=x",
    ),
)
@NAME
@click.argument("image", type=IMAGE)
@click.option("--size", default=10, show_default=True, help="Matches at most.")
@click.option("--min-score", type=int, help="Leave out what scores less.")
@FILTERS
@URL
def query(
    name: str,
    image: Path,
    size: int,
    min_score: int | None,
    filters: tuple[str, ...],
    url: str | None,
) -> None:
    """Print the query for IMAGE, as the index NAME is searched with.

    It is what a search takes as its "query".
    """
    narrowed_by = filter_of(filters)
    with explained(), opened(url, name) as index:
        from imgsig.signature import generate_signature

        clause = index.query(
            generate_signature(image, index.identity.signature),
            size=size,
            min_score=min_score,
            filter=narrowed_by,
        )
    click.echo(json.dumps(clause, ensure_ascii=False).encode())
