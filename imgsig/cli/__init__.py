"""The command ``imgsig``: signatures, words and distances of pictures, and indices of them."""

import click

from imgsig import __version__
from imgsig.cli.boundary import output_explained
from imgsig.cli.command import Group
from imgsig.cli.completion import completion_command

__all__ = ["cli", "main"]

_COMMANDS = {
    "signature:signature": "Print the signature of IMAGE, in the form a codec stores.",
    "signature:words": "Print the words of IMAGE, as a JSON array.",
    "signature:distance": "Print the distance of IMAGE from each of OTHERS: 0 the same, up to 1.",
    "signature:codecs": "Print how large the signature of IMAGE is in every codec and strip.",
    "sign:sign": "Sign files, and all files below folders, in order: one record each.",
    "index:index": "Create, fill and search an index of pictures.",
}


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=Group,
    deferred={
        where.partition(":")[2]: (f"imgsig.cli.{where}", text) for where, text in _COMMANDS.items()
    },
    examples=(
        "imgsig signature photo.jpg",
        "imgsig signature photo.jpg --codec base62 --strip half",
        "imgsig words photo.jpg -k 16 -N 63",
        "imgsig distance a.jpg b.jpg c.jpg",
        "imgsig codecs photo.jpg",
        "imgsig sign photos/ --jsonl signatures.jsonl",
        "imgsig index search photos query.jpg",
    ),
)
@click.version_option(__version__)
def cli() -> None:
    """Image signatures for near-duplicate search.

    Results go to standard output, everything else to standard error. Exit codes: 0 it worked, 1 it
    failed, 2 the command was not understood, 70 an error that nobody foresaw (--traceback shows
    where), 130 interrupted.
    """


cli.add_command(completion_command("imgsig"))


def main() -> None:
    """Run the command line."""
    with output_explained("imgsig"):
        cli(prog_name="imgsig")
