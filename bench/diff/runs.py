"""Two finished runs, compared part by part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bench.diff.changes import cautions, changes
from bench.diff.quality import VALUE_TABLES, compare_quality, same_queries, values_of
from bench.diff.sizes import SIZE_TABLES, compare_sizes, sizes_of
from bench.diff.times import TIME_TABLES, compare_times, times_of
from bench.runs.errors import BenchError
from bench.runs.folder import RunFolder
from bench.runs.manifest import read_manifest

#: The parts that are compared, as limits name them.
BYTES, QUALITY, TIME = "bytes", "quality", "time"
#: Of each part, where runs have it, by their kind, and what a sentence about it begins with.
_TABLES: Mapping[str, tuple[Mapping[str, object], str]] = {
    BYTES: (SIZE_TABLES, "bytes are"),
    QUALITY: (VALUE_TABLES, "quality is"),
    TIME: (TIME_TABLES, "times are"),
}


class DiffError(BenchError):
    """Runs that cannot be compared; the message says why."""


@dataclass(frozen=True)
class Diff:
    """What differs from run A to run B; columns are those of the modules that compare.

    `only` names what one of the runs alone has, by part and run.
    """

    runs: dict[str, str]
    kind: str
    cautions: list[str]
    changes: pd.DataFrame
    parts: dict[str, pd.DataFrame]
    only: dict[tuple[str, str], list[str]]
    paired: bool

    def not_compared(self, part: str) -> str:
        """That runs of this kind are not compared in a part, as a clause; nothing, if they are."""
        known, said = _TABLES[part]
        return "" if self.kind in known else f"{said} not compared for runs of kind {self.kind}"

    def describe(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "runs": self.runs,
            "kind": self.kind,
            "cautions": self.cautions,
            "changed": self.changes.to_dict("records"),
            "paired": self.paired,
            **{name: table.to_dict("records") for name, table in self.parts.items()},
            "only": [
                {"run": run, "part": part, "names": names}
                for (part, run), names in self.only.items()
            ],
        }


def diff_runs(a: RunFolder, b: RunFolder) -> Diff:
    """Compare two finished runs of one kind."""
    of_a, of_b = read_manifest(a), read_manifest(b)
    kind, other = (manifest.get("kind", "experiment") for manifest in (of_a, of_b))
    if kind != other:
        raise DiffError(
            f"{a.path} is a run of kind {kind}, {b.path} of kind {other}, which measure different "
            "things; name two runs of one kind"
        )
    of_a, of_b = of_a | {"kind": kind}, of_b | {"kind": kind}
    paired = same_queries(a, b, of_a, of_b)
    sizes = sizes_of(a, kind), sizes_of(b, kind)
    times = times_of(a, kind, of_a["tables"]), times_of(b, kind, of_b["tables"])
    values = [values_of(run, kind).index for run in (a, b)]
    rankings = [[f"{index} by {ranking}" for index, ranking, _ in each] for each in values]
    only = {
        **_only(BYTES, sizes[0].index, sizes[1].index),
        **_only(QUALITY, *rankings),
        **_only(TIME, *times),
    }
    parts = {
        BYTES: compare_sizes(*sizes),
        QUALITY: compare_quality(a, b, of_a, of_b, paired=paired),
        TIME: compare_times(*times),
    }
    runs = {"a": str(a.path), "b": str(b.path)}
    return Diff(runs, kind, cautions(of_a, of_b), changes(of_a, of_b), parts, only, paired)


def _only(part: str, a: Iterable[str], b: Iterable[str]) -> Mapping[tuple[str, str], list[str]]:
    first, second = dict.fromkeys(a), dict.fromkeys(b)
    found = {
        (part, "A"): [name for name in first if name not in second],
        (part, "B"): [name for name in second if name not in first],
    }
    return {key: names for key, names in found.items() if names}
