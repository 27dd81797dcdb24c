"""What rankings are worth in two runs, measure by measure.

Where both runs searched with the same queries, both are measured again from their hits with the
same resamples of whole scenes, and the differences are paired. What is not resampled so (other
queries, what is held out) has the interval that follows from those of the two values, as of
independent samples (Zou and Donner, "Construction of confidence intervals about effect measures",
Statistics in Medicine 27, 2008); of the same scenes it is wider than it need be.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bench.evaluate import ties
from bench.evaluate.comparisons import differences
from bench.evaluate.inputs import ALL
from bench.evaluate.measures import MEASURES
from bench.evaluate.settings import EvaluationSettings, System
from bench.kinds.registry import get_kind
from bench.kinds.sections import Resampling, Search
from bench.report.finding import scenes_column, word
from bench.runs.folder import RunFolder

#: Where kinds keep their values, the column that has `ALL` for all queries, if any, and what names
#: a ranking.
VALUE_TABLES = {
    "experiment": ("metrics", "transform", ["variant", "ranking"]),
    "scoring": ("scorings", "part", ["source", "scoring"]),
    "hashes": ("scorings", "part", ["source", "scoring"]),
    "remedies": ("scorings", "part", ["source", "scoring"]),
    "sweep": ("sweep", None, ["variant", "ranking"]),
}
#: Kinds that keep no hits, so that nothing can be measured again.
WITHOUT_HITS = ("sweep",)
#: Resamples at most: enough for a 95 % interval, in seconds.
_MOST = 2000
#: Columns of queries that depend on what they are searched in, not on which they are.
_ANSWERS = {"doc", "n_right", "in_database"}
#: How a difference was found.
PAIRED, APART = "paired", "from two intervals"

COLUMNS = ["index", "ranking", "measure", "a", "b", "difference", "low", "high", "found", "how"]


def same_queries(
    a: RunFolder, b: RunFolder, of_a: Mapping[str, Any], of_b: Mapping[str, Any]
) -> bool:
    """Whether both runs searched the same collection with the same queries."""
    has_hits = of_a["kind"] in VALUE_TABLES and of_a["kind"] not in WITHOUT_HITS
    if not has_hits or of_a["dataset"]["sha256"] != of_b["dataset"]["sha256"]:
        return False
    first, second = (
        run.table("queries").drop(columns=[*_ANSWERS], errors="ignore") for run in (a, b)
    )
    return bool(first.equals(second))


def values_of(folder: RunFolder, kind: str) -> pd.DataFrame:
    """Values over all queries by index, ranking and measure; ties as expected.

    ``value, low, high``, and ``scenes``: as many of equal size would say as much; queries where
    scenes were not counted.
    """
    keys, told = ["index", "ranking", "measure"], ["value", "low", "high", "scenes"]
    if kind not in VALUE_TABLES:
        return pd.DataFrame(columns=[*keys, *told]).set_index(keys)
    name, part, names = VALUE_TABLES[kind]
    table = folder.table(name)
    table = table if part is None else table[table[part] == ALL]
    table = table.rename(columns=dict(zip(names, keys, strict=False)))
    neither = tuple(one.name.partition("{")[0] for one in MEASURES if one.higher_is_better is None)
    table = table[~table["measure"].str.startswith(neither)]
    if "tie" in table:  # expected before none
        table = table[table["tie"].isin([ties.EXPECTED, ties.NONE])]
        table = table.sort_values("tie", kind="stable").drop_duplicates(keys).sort_index()
    return table.rename(columns={scenes_column(table): "scenes"}).set_index(keys)[told]


def compare_quality(
    a: RunFolder, b: RunFolder, of_a: Mapping[str, Any], of_b: Mapping[str, Any], *, paired: bool
) -> pd.DataFrame:
    """One row an index, ranking and measure that both have, in `COLUMNS`."""
    first, second = values_of(a, of_a["kind"]), values_of(b, of_b["kind"])
    pairs = _paired(a, b, of_a, of_b) if paired else {}
    rows = []
    for key in first.index.intersection(second.index, sort=False):
        found = pairs.get(key) or _apart(first.loc[key], second.loc[key])
        if not np.isnan([found["a"], found["b"]]).all():
            named = dict(zip(COLUMNS, key, strict=False))
            meant = word(found["low"], found["high"], found["scenes"])
            rows.append({**named, **found, "found": meant})
    return pd.DataFrame(rows, columns=COLUMNS)


def _apart(a: "pd.Series[float]", b: "pd.Series[float]") -> dict[str, Any]:
    """A difference with the interval that follows from those of two values."""
    difference = b["value"] - a["value"]
    low = difference - np.hypot(b["value"] - b["low"], a["high"] - a["value"])
    high = difference + np.hypot(b["high"] - b["value"], a["value"] - a["low"])
    told = {"a": a["value"], "b": b["value"], "difference": difference, "low": low, "high": high}
    return {**told, "scenes": min(a["scenes"], b["scenes"]), "how": APART}


def _paired(
    a: RunFolder, b: RunFolder, of_a: Mapping[str, Any], of_b: Mapping[str, Any]
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Differences with the interval of the same resamples of both, by index, ranking, measure."""
    kind, asked = get_kind(of_a["kind"]), _settings(of_a)
    n, seed = min(asked.n_resamples, _MOST), asked.seed
    first = kind.estimates(a, replace(asked, n_resamples=n))
    second = kind.estimates(b, replace(_settings(of_b), n_resamples=n, seed=seed))
    found = {}
    for system in (each for each in first if each in second):
        pair = System("b", ""), System("a", "")
        estimates = dict(zip(pair, (second[system], first[system]), strict=True))
        for row in differences(estimates, [pair], asked.confidence):
            key = row["measure"], row["tie"]
            of = first[system][key], second[system][key]
            told = dict(zip(("a", "b"), (each.value for each in of), strict=True))
            told |= {name: row[name] for name in ("difference", "low", "high")}
            told["scenes"] = min(each.effective_groups for each in of)
            found[*system, row["measure"]] = {**told, "how": PAIRED}
    return found


def _settings(manifest: Mapping[str, Any]) -> EvaluationSettings:
    """How a run was evaluated."""
    search = Search.model_validate(manifest["config"]["search"])
    cutoffs = search.model_dump(include={"score_cutoff", "distance_cutoff"})
    own = Resampling.model_validate(manifest["config"]["evaluation"])
    return own.settings(search.size, **cutoffs)
