"""The command ``imgsig``: signatures, words and distances of pictures."""

import click

from imgsig import __version__
from imgsig.cli.command import Group
from imgsig.cli.completion import completion_command
from imgsig.cli.sign import sign
from imgsig.cli.signature import codecs, distance, signature, words

__all__ = ["cli", "main"]


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=Group,
    examples=(
        "imgsig signature photo.jpg",
        "imgsig signature photo.jpg --codec base62 --strip half",
        "imgsig words photo.jpg -k 16 -N 63",
        "imgsig distance a.jpg b.jpg c.jpg",
        "imgsig codecs photo.jpg",
        "imgsig sign photos/ --jsonl signatures.jsonl",
    ),
)
@click.version_option(__version__)
def cli() -> None:
    """Image signatures for near-duplicate search.

    Results go to standard output, everything else to standard error. Exit codes: 0 it worked, 1 it
    failed, 2 the command was not understood, 70 an error that nobody foresaw (--traceback shows
    where), 130 interrupted.
    """


for command in (signature, words, distance, codecs, sign, completion_command("imgsig")):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli(prog_name="imgsig")
