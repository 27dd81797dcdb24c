"""The command ``imgsig-bench``: run experiments, look at results, compare indices."""

import click

from bench.cli.advise import advise
from bench.cli.compare import compare
from bench.cli.datasets import datasets
from bench.cli.engine import engine
from bench.cli.migrate import migrate
from bench.cli.run import report, run
from bench.cli.verify import verify
from imgsig import __version__
from imgsig.cli.command import Group
from imgsig.cli.completion import completion_command

__all__ = ["cli", "main"]


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=Group,
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


for command in (
    run,
    report,
    verify,
    compare,
    advise,
    migrate,
    datasets,
    engine,
    completion_command("imgsig-bench"),
):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli(prog_name="imgsig-bench")
