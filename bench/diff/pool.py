"""Several runs of one config, taken together: what they agree in, and how far they vary.

The interval that a run gives of a time holds the noise within it. What a machine does otherwise on
another day, and what differs between machines, is in none: it shows between runs. So each run
counts as one observation, and intervals are Student's t of these, of logarithms where they are
times or ratios of times.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from bench.diff.changes import changes
from bench.diff.quality import values_of
from bench.diff.runs import BYTES, QUALITY, TIME, DiffError
from bench.diff.sizes import sizes_of
from bench.diff.times import Timed, timed
from bench.report.page import Listing
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder
from bench.runs.manifest import read_manifest

#: Of each time, over the first that is timed alike.
RATIOS = "time ratios"
#: Of the intervals between runs: of each by itself, of all ratios together.
CONFIDENCE = 0.95
_COLUMNS = ["what", "runs", "mean", "low", "high", "smallest", "largest"]


@dataclass(frozen=True)
class Pool:
    """What runs of one config agree in; `parts` have a row a thing that was measured, `_COLUMNS`.

    ``mean`` is the geometric one of times and of their ratios. Intervals hold each by itself, those
    of `RATIOS` all together. `differing` names what the runs say of themselves in different ways,
    such as code and machine, with each text.
    """

    runs: list[str]
    kind: str
    differing: dict[str, list[str]]
    parts: dict[str, pd.DataFrame]

    def describe(self) -> dict[str, Any]:
        """JSON-ready."""
        tables = {name: table.to_dict("records") for name, table in self.parts.items()}
        return {"runs": self.runs, "kind": self.kind, "differing": self.differing, **tables}


def pool_runs(folders: Sequence[RunFolder]) -> Pool:
    """Pool finished runs of one config."""
    if len({folder.path.resolve() for folder in folders}) < 2:
        raise DiffError(
            "one run has nothing to be pooled with; name two or more, each in a folder of its own"
        )
    manifests = [dict(read_manifest(folder)) for folder in folders]
    kind = str(manifests[0].get("kind", "experiment"))
    differing: dict[str, list[str]] = {}
    for folder, other in zip(folders[1:], manifests[1:], strict=True):
        changed = changes(manifests[0], other)
        of_config = changed[changed["what"].str.startswith("config")]
        if not of_config.empty:
            first = of_config.iloc[0]
            raise DiffError(
                f"{folder.path} is of another config than {folders[0].path} ({first['what']} is "
                f"{first['b']}, there {first['a']}); pool runs of one config, or compare two with "
                "imgsig-bench diff"
            )
        for row in changed.to_dict("records"):
            texts = differing.setdefault(row["what"], [row["a"]])
            if row["b"] not in texts:
                texts.append(row["b"])
    tables = [manifest["tables"] for manifest in manifests]
    times = [timed(one, kind, told) for one, told in zip(folders, tables, strict=True)]
    parts = {
        BYTES: _pooled([dict(sizes_of(folder, kind)) for folder in folders]),
        QUALITY: _pooled([_values(folder, kind) for folder in folders]),
        TIME: _pooled([_medians(own) for own in times], positive=True),
        RATIOS: _pooled([_to_first(own) for own in times], positive=True, together=True),
    }
    return Pool([str(folder.path) for folder in folders], kind, differing, parts)


def _values(folder: RunFolder, kind: str) -> dict[str, float]:
    values = values_of(folder, kind)["value"].dropna().reset_index()
    names = values["index"] + ", " + values["ranking"] + ": " + values["measure"]
    return dict(zip(names, values["value"], strict=True))


def _medians(times: Mapping[str, Timed]) -> dict[str, float]:
    return {name: float(np.median(one.samples)) for name, one in times.items()}


def _to_first(times: Mapping[str, Timed]) -> dict[str, float]:
    """Each time over the first of what is timed alike, in the same run.

    Which begins changes from file to file, so what is first is so in all ways of timing.
    """
    medians = _medians(times)
    subjects = list(dict.fromkeys(one.subject for one in times.values()))
    first: dict[str, str] = {}
    for name in sorted(times, key=lambda name: subjects.index(times[name].subject)):
        first.setdefault(times[name].how, name)
    ratios = {}
    for name, one in times.items():
        base = first[one.how]
        if name != base:
            ratios[f"{name}, over {times[base].subject}"] = medians[name] / medians[base]
    return ratios


def _pooled(
    runs: Sequence[Mapping[str, float]], *, positive: bool = False, together: bool = False
) -> pd.DataFrame:
    """One row a thing that at least two of the runs have.

    Intervals hold each by itself, or all `together`.
    """
    counts = Counter(name for run in runs for name in run)
    names = [name for name, count in counts.items() if count > 1]
    rows = []
    for name in names:
        values = np.array([run[name] for run in runs if name in run], dtype=np.float64)
        logs = np.log(values) if positive else values
        mean, low, high = between_runs(logs, len(names) if together else 1)
        ends = np.exp((mean, low, high)) if positive else (mean, low, high)
        rows.append((name, len(values), *map(float, ends), values.min(), values.max()))
    return pd.DataFrame(rows, columns=_COLUMNS)


def between_runs(
    values: np.ndarray[Any, np.dtype[np.float64]], intervals: int = 1
) -> tuple[float, float, float]:
    """Mean of one value a run, ``float64[runs]``, with the t interval between runs.

    So many `intervals` hold together at `CONFIDENCE`, by Bonferroni's inequality.

    >>> [round(one, 2) for one in between_runs(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.48, 4.48]
    >>> [round(one, 2) for one in between_runs(np.array([1.0, 2.0, 3.0]), 100)]
    [2.0, -23.81, 27.81]
    """
    mean = float(values.mean())
    error = float(stats.sem(values))
    half = float(stats.t.isf((1 - CONFIDENCE) / 2 / intervals, len(values) - 1)) * error
    return mean, mean - half, mean + half


def pool_sentences(pool: Pool) -> list[str]:
    """What the runs agree in, in sentences."""
    said = []
    for part, what in ((BYTES, "Bytes a document"), (QUALITY, "Quality")):
        table = pool.parts[part]
        if table.empty:
            continue
        spread = table["largest"] - table["smallest"]
        if not spread.any():
            said.append(f"{what}: the same in all runs.")
            continue
        worst = table.iloc[int(spread.argmax())]
        said.append(
            f"{what}: {int((spread > 0).sum()):,} of {len(table):,} differ, most {worst['what']}: "
            f"{rounded(worst['smallest'])} to {rounded(worst['largest'])}."
        )
    times = pool.parts[TIME]
    if not times.empty:
        spread = times["largest"] / times["smallest"]
        said.append(
            f"Times: the slowest run takes {rounded(spread.median(), '.2f')} times the fastest "
            f"(median of {len(times):,} things timed; at most {rounded(spread.max(), '.2f')} "
            "times)."
        )
    ratios = pool.parts[RATIOS]
    if not ratios.empty:
        surely = int(((ratios["low"] > 1) | (ratios["high"] < 1)).sum())
        said.append(
            f"Beside the first that is timed alike {surely:,} of {len(ratios):,} are surely faster "
            "or slower: the intervals between runs, which hold all together, exclude 1."
        )
    return said


def pool_listings(pool: Pool) -> list[Listing]:
    """What differs: between the runs themselves, then of what they measured."""
    rows = [(what, "; ".join(texts)) for what, texts in pool.differing.items()]
    notes = {
        BYTES: "Bytes a document.",
        QUALITY: "Measures over all queries.",
        TIME: "Medians in ms, a run each; their geometric mean.",
        RATIOS: "Over the first that is timed alike, within each run; intervals hold all together.",
    }
    differing = pd.DataFrame(rows, columns=["what", "in the runs"])
    every = [Listing("What differs", "What the runs say of themselves.", differing)]
    every += [
        Listing(part.capitalize(), notes[part], table[table["smallest"] != table["largest"]])
        for part, table in pool.parts.items()
    ]
    return [each for each in every if not each.table.empty]
