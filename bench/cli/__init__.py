"""The command ``imgsig-bench``: run experiments, look at results, compare indices."""

import click

from imgsig import __version__
from imgsig.cli.boundary import output_explained
from imgsig.cli.command import Group
from imgsig.cli.completion import completion_command

__all__ = ["cli", "main"]

#: Where each command is, and the first sentence of its help.
_COMMANDS = {
    "bench.cli.run:run": "Run CONFIG, or resume it if it was interrupted.",
    "bench.cli.run:report": "Redraw the report of the finished run in folder RUN and show its "
    "summary.",
    "bench.cli.run:verify": "Check the finished run in folder RUN against its own manifest and raw "
    "rows.",
    "bench.cli.compare:compare": "Compare the sizes of INDICES, whoever built them.",
    "bench.cli.diff:diff": "Say what changed from one finished run to another, and gate on it.",
    "bench.cli.pool:pool": "Pool finished RUNS of one config: how far bytes, quality and times "
    "vary between them.",
    "bench.cli.advise:advise": "Find the index that reaches a precision and recall on the fewest "
    "nodes and bytes.",
    "bench.cli.migrate:migrate": "Migrate an index written by image-match to another layout, codec "
    "or words.",
    "bench.cli.datasets:datasets": "Fetch the collection SPEC (photos, or folder:PATH) and count "
    "what is in it.",
    "bench.cli.engine:engine": "Start, list and stop embedded engines.",
}


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=Group,
    deferred={where.partition(":")[2]: (where, text) for where, text in _COMMANDS.items()},
    examples=(
        "imgsig-bench run bench/configs/tester.yaml",
        "imgsig-bench run bench/configs/tester.yaml --plan",
        "imgsig-bench report results/reference",
        "imgsig-bench run bench/configs/tester.yaml --keep-engine",
        "imgsig-bench compare tester tester_str tester_none",
        "imgsig-bench diff results/mine --against results/reference --fail-over bytes=5%",
        "imgsig-bench advise --images 100M --precision 0.9 --recall 0.5",
        "imgsig-bench engine stop",
    ),
)
@click.version_option(__version__)
def cli() -> None:
    """Measure what signature-based image search costs and finds on search engines.

    Without ES_URL an embedded engine is started. With ES_URL (and ES_API_KEY, or ES_USER and
    ES_PASSWORD) that cluster is used.

    Results go to standard output, everything else to standard error. Exit codes: 0 success, 1
    failure, 2 usage error, 3 goal not reached, 70 unexpected error (--traceback shows where), 130
    interrupted.
    """


cli.add_command(completion_command("imgsig-bench"))


def main() -> None:
    """Run the command line."""
    with output_explained("imgsig-bench"):
        cli(prog_name="imgsig-bench")
