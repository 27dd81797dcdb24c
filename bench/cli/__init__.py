"""The command ``imgsig-bench``: run experiments, look at results, compare indices."""

import click

from bench.cli.advise import advise
from bench.cli.compare import compare
from bench.cli.datasets import datasets
from bench.cli.engine import engine
from bench.cli.run import report, run

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    r"""Measure what signature-based image search takes and finds on Elasticsearch.

    \b
    Examples:
      imgsig-bench run bench/configs/tester.yaml
      imgsig-bench report results/reference
      imgsig-bench run bench/configs/tester.yaml --keep-engine
      imgsig-bench compare tester tester_str tester_none
      imgsig-bench advise --images 800e6 --precision 0.99 --recall 0.95
      imgsig-bench engine stop

    An Elasticsearch of its own is started where ES_URL is not set. With ES_URL (and ES_API_KEY, or
    ES_USER and ES_PASSWORD) that cluster is used.
    """


for command in (run, report, compare, advise, datasets, engine):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli(prog_name="imgsig-bench")
