"""The command ``imgsig-bench``: run experiments, look at results, compare indices."""

import click

from imgsig import __version__
from imgsig.cli.boundary import output_explained
from imgsig.cli.command import Group
from imgsig.cli.completion import completion_command

__all__ = ["cli", "main"]

_COMMANDS = {
    "run": (
        "bench.cli.run:run",
        "Run what CONFIG says, or the rest of it if it was interrupted.",
    ),
    "report": (
        "bench.cli.run:report",
        "Draw the report of the finished run in folder RUN again, and show its summary.",
    ),
    "verify": (
        "bench.cli.run:verify",
        "Check the finished run in folder RUN against its own manifest and raw rows.",
    ),
    "compare": (
        "bench.cli.compare:compare",
        "Compare the size of INDICES, whoever built them.",
    ),
    "advise": (
        "bench.cli.advise:advise",
        "Name the smallest index that reaches a precision and recall, from a finished sweep.",
    ),
    "migrate": (
        "bench.cli.migrate:migrate",
        "Migrate an index that image-match has written to another layout, codec or words.",
    ),
    "datasets": (
        "bench.cli.datasets:datasets",
        "Fetch the collection SPEC (photos, or folder:PATH) and say what is in it.",
    ),
    "engine": (
        "bench.cli.engine:engine",
        "Start, find and stop Elasticsearch engines of our own.",
    ),
}


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=Group,
    deferred=_COMMANDS,
    examples=(
        "imgsig-bench run bench/configs/tester.yaml",
        "imgsig-bench run bench/configs/tester.yaml --plan",
        "imgsig-bench report results/reference",
        "imgsig-bench run bench/configs/tester.yaml --keep-engine",
        "imgsig-bench compare tester tester_str tester_none",
        "imgsig-bench advise --images 800e6 --precision 0.99 --recall 0.95",
        "imgsig-bench engine stop",
    ),
)
@click.version_option(__version__)
def cli() -> None:
    """Measure what signature-based image search takes and finds on Elasticsearch.

    An Elasticsearch of its own is started where ES_URL is not set. With ES_URL (and ES_API_KEY, or
    ES_USER and ES_PASSWORD) that cluster is used.

    Results go to standard output, everything else to standard error. Exit codes: 0 it worked, 1 it
    failed, 2 the command was not understood, 3 not all that was asked is reached, 70 an error that
    nobody foresaw (--traceback shows where), 130 interrupted.
    """


cli.add_command(completion_command("imgsig-bench"))


def main() -> None:
    """Run the command line."""
    with output_explained("imgsig-bench"):
        cli(prog_name="imgsig-bench")
