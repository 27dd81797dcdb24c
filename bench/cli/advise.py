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
_limit = partial(click.option, type=float)


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench advise --images 800M --precision 0.9 --recall 0.5",
        "imgsig-bench advise --images 1M --precision 0.9 --recall 0.7 --milliseconds 20",
        "imgsig-bench advise --images 1M --precision 0.9 --recall 0.7 --write my.yaml",
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
    default=ROOT / "results" / "reference-scale-1m",
    help="A finished scale run that searched, or a sweep.  [default: results/reference-scale-1m of "
    "the clone; beside it there is results/reference-sweep]",
)
@_run(
    "--scale",
    help="A finished scale run, for what a sweep leaves open: how its indices grow, and what "
    "searches take.",
)
@_shown("--match-share", default=0.5, help="Right answers per query in the collection, on average.")
@_shown("--shards-of", default=30e9, help="Largest size of a shard, in bytes.")
@_shown("--replicas", default=1, help="Copies of each shard.")
@_shown(
    "--candidates", default=10_000, help="Most documents a search may fetch to rank by distance."
)
@_limit("--milliseconds", help="Limit: what a search may take at the median.")
@_limit("--disk", help="Limit: bytes of all disks, replicas and room to merge included.")
@_limit("--searches", help="Searches a second, which decide the number of nodes.")
@_limit("--node-memory", help="Bytes of a node's page cache, which are to hold its index.")
@_shown("--node-disk", default=2e12, help="Bytes of a node's disk.")
@click.option("--cores", type=int, help="Of a node.  [default: as measured]")
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the config of a run that measures the choice on --pictures.",
)
@_shown("--pictures", default="pictures", help="Collection, or folder:/path/to/images.")
@AS_JSON
def advise(
    *,
    run: Path,
    scale: Path | None,
    shards_of: float,
    write: Path | None,
    pictures: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Find the index that reaches a precision and recall on the fewest nodes and bytes.

    It chooses among the indices of a scale run, which were searched, or among the thousands of
    schemes and cutoffs of a sweep, which were simulated.

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
        grown = None if scale is None else RunFolder(scale)
        # Resolved, for the run is called by the name of its folder, and "." has none.
        advice = give_advice(question, RunFolder(run.resolve()), grown)
        if write is not None:
            _write(advice, write, pictures)
    if as_json:
        print_json({**advice.describe(), "sentences": sentences(advice)})
    else:
        _print(advice)
    sys.exit(ExitCode.OK if advice.is_reached else ExitCode.NOT_REACHED)


def _write(advice: "Advice", path: Path, pictures: str) -> None:
    """Write the config that measures the choice; none, where there is no choice."""
    from bench.advise.written import config_of
    from bench.runs.errors import RunError
    from bench.runs.folder import write_output

    _, choice = advice.best
    if choice is None:
        raise RunError(f"{path} is not written: there is no choice to measure")
    if path.is_symlink() or path.exists():
        raise RunError(f"{path} exists; give another name, or remove it")
    write_output(path, config_of(choice, advice.question.images, pictures).encode())


def _print(advice: "Advice") -> None:
    from rich.console import Console

    from bench.advise.sentences import sentences
    from bench.advise.written import calls
    from imgsig.cli.terminal import WholeTable

    console = Console()
    rows = [(grade, one) for grade, one in advice.chosen.items() if one is not None]
    if not rows and advice.nearest is not None:
        rows = [("nearest", advice.nearest)]
    if not rows:
        rows = list(advice.beyond.items())
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
    _, best = advice.best
    if best is not None:
        console.print(*calls(best), sep="\n", highlight=False, soft_wrap=True)


def _cells(choice: "Choice") -> dict[str, str]:
    """What a reader wants to know of a choice, by its heading."""
    from bench.advise.sentences import cutoff_text, milliseconds
    from bench.report.rounding import rounded, sized

    row, size, speed = choice.row, choice.size, choice.speed
    proven = row["evidence_precision_low"]
    known = "counted" if row["model_is_count"] else "extrapolated"
    return {
        "scheme": str(row["variant"]),
        "layout": str(row["layout"]),
        "kept where": cutoff_text(choice),
        "recall": _interval(row, "recall"),
        "precision, proven": "not proven" if math.isnan(proven) else f"at least {rounded(proven)}",
        "precision, model": f"{_interval(row, 'model_precision')}, {known}",
        "primaries": sized(size.primary_bytes),
        "a search": "unknown" if speed is None else f"{milliseconds(speed)}, {speed.source}",
        "nodes, disk": f"{choice.nodes.count:,}, {sized(choice.nodes.disk_bytes)}",
    }


def _interval(row: Mapping[str, Any], name: str) -> str:
    from bench.report.rounding import rounded

    if math.isnan(row[name]):
        return "unknown"
    return f"{rounded(row[name])} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
