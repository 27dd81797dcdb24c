"""``imgsig-bench advise``: which words, layout and cutoff a collection takes."""

import math
import re
import sys
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli.completion import complete_runs
from bench.cli.session import errors_explained, print_json
from bench.runs.environment import ROOT
from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import AS_JSON, Command

if TYPE_CHECKING:
    from bench.advise import Advice
    from bench.advise.advice import Choice
    from bench.runs.folder import RunFolder

#: What a number of pictures may end in.
_SUFFIXES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
#: No collection comes near; beyond it sums of bytes are no numbers any more.
_MOST = 10**15
_NUMBER = re.compile(
    r"(?P<digits>\d{1,3}(?:[,_]\d{3})+|\d+(?:\.\d*)?(?:[eE]\+?\d{1,3})?) ?(?P<suffix>[kMG]?)"
)


class Count(click.ParamType[int]):
    """A number of pictures as people write it."""

    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The whole number that is meant; what could be read two ways is refused."""
        found = _NUMBER.fullmatch(str(value).strip())
        if found is None:
            told = "is not a number of images; write 800M, 1.5G, 1e6, 1000000 or 1,000,000"
            self.fail(f"{value!r} {told}", param, ctx)
        digits = found["digits"].replace(",", "").replace("_", "")
        count = Decimal(digits) * _SUFFIXES[found["suffix"]]
        if count > _MOST:
            told = f"is more than {_MOST:.0e} images, the largest collection that is projected"
            self.fail(f"{value!r} {told}", param, ctx)
        return round(count)


_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
#: Options of the same kind.
_share = partial(click.option, type=float, required=True)
_run = partial(click.option, type=_FOLDER, shell_complete=complete_runs)
_shown = partial(click.option, show_default=True)


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench advise --images 800M --precision 0.9 --recall 0.5",
        "imgsig-bench advise --images 1M --precision 0.9 --recall 0.7 --json",
        "imgsig-bench advise --images 50M --precision 0.9 --recall 0.6 --run results/my-sweep",
    ),
)
@click.option(
    "--images", type=Count(), required=True, help="Size of the collection: 800M, 1.5G, 1e6, 20,000."
)
@_share("--precision", help="Required share of right pairs among those returned.")
@_share("--recall", help="Required share of right answers that are returned.")
@_run(
    "--run",
    default=ROOT / "results" / "reference-sweep",
    help="A finished sweep.  [default: results/reference-sweep of the clone]",
)
@_run(
    "--scale",
    help="A finished scale run.  [default: results/reference-scale of the clone, if there]",
)
@_shown("--match-share", default=0.5, help="Right answers per query in the collection, on average.")
@_shown("--shards-of", default=30e9, help="Largest size of a shard, in bytes.")
@_shown("--replicas", default=1, help="Copies of each shard.")
@_shown(
    "--candidates", default=10_000, help="Most documents a search may fetch to rank by distance."
)
@AS_JSON
def advise(*, run: Path, scale: Path | None, shards_of: float, as_json: bool, **asked: Any) -> None:
    """Find the smallest index that reaches a precision and recall, from a finished sweep.

    What counted pairs prove is kept apart from what a model of rare wrong pairs predicts: a
    choice is "proven", "safe" (the model's lower bounds reach it) or "likely" (its values do).

    Exit code: 0 if a choice of any of these kinds reaches it, 3 if none does, 1 for errors.
    """
    with errors_explained():
        from bench.advise import Question
        from bench.advise import advise as give_advice
        from bench.advise.sentences import sentences
        from bench.runs.folder import RunFolder

        question = Question(shard_bytes=shards_of, **asked)
        advice = give_advice(question, RunFolder(run), _scale_run(scale))
    if as_json:
        print_json({**advice.describe(), "sentences": sentences(advice)})
    else:
        _print(advice)
    sys.exit(ExitCode.OK if advice.is_reached else ExitCode.NOT_REACHED)


def _scale_run(given: Path | None) -> "RunFolder | None":
    from bench.runs.folder import RunFolder

    if given is not None:
        return RunFolder(given)
    usual = RunFolder(ROOT / "results" / "reference-scale")
    return usual if usual.is_finished else None


def _print(advice: "Advice") -> None:
    from rich.console import Console

    from bench.advise.sentences import sentences
    from imgsig.cli.terminal import WholeTable

    console = Console()
    rows = [(grade, one) for grade, one in advice.chosen.items() if one is not None]
    if not rows and advice.nearest is not None:
        rows = [("nearest", advice.nearest)]
    # One column a choice: three fit where one row each would not.
    title, names = f"{advice.question.images:,} images", [name for name, _ in rows]
    table = WholeTable("", *names, title=title, title_justify="left")
    cells = [_cells(choice) for _, choice in rows]
    for heading in cells[0] if cells else ():
        table.add_row(heading, *(column[heading] for column in cells))
    if rows:
        console.print(table)
    for sentence in sentences(advice):
        console.print(f"• {sentence}", highlight=False)


def _cells(choice: "Choice") -> dict[str, str]:
    """What a reader wants to know of a choice, by its heading."""
    from bench.advise.sentences import cutoff_text
    from bench.report.rounding import rounded, sized

    row, size = choice.row, choice.size
    known = "counted" if row["model_is_count"] else "extrapolated"
    return {
        "scheme": str(row["variant"]),
        "layout": str(row["layout"]),
        "kept where": cutoff_text(choice),
        "recall": _interval(row, "recall"),
        "precision, proven": f"at least {rounded(row['evidence_precision_low'])}",
        "precision, model": f"{_interval(row, 'model_precision')}, {known}",
        "primaries": sized(size.primary_bytes),
    }


def _interval(row: Mapping[str, Any], name: str) -> str:
    from bench.report.rounding import rounded

    if math.isnan(row[name]):
        return "unknown"
    return f"{rounded(row[name])} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
