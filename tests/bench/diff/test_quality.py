"""Quality of two runs: paired where the queries are the same, and said where they are not."""

import shutil

import numpy as np
import pandas as pd
import pytest

from bench.diff.quality import APART, PAIRED, compare_quality, same_queries, values_of
from bench.runs.folder import RunFolder, read_json, write_json
from bench.runs.manifest import read_manifest

pytestmark = pytest.mark.engine


@pytest.fixture
def altered(finished, tmp_path):
    """A copy of the small run in which the index's first hit of every query is wrong."""
    path = tmp_path / "altered"
    shutil.copytree(finished.folder.path, path)
    hits = pd.read_parquet(path / "candidates.parquet")
    hits.loc[hits["rank"] == 0, "relation"] = "wrong"
    manifest = read_json(path / "manifest.json")
    manifest["tables"]["candidates"] = RunFolder(path).write_table("candidates", hits)
    write_json(path / "manifest.json", manifest)
    return RunFolder(path)


def compared(a, b):
    of_a, of_b = read_manifest(a), read_manifest(b)
    return compare_quality(a, b, of_a, of_b, paired=same_queries(a, b, of_a, of_b))


def test_a_run_beside_itself_differs_in_nothing(finished):
    table = compared(finished.folder, finished.folder)
    assert set(table["how"]) == {PAIRED, APART}
    assert (table["difference"] == 0).all()
    pairs = table[table["how"] == PAIRED]
    assert (pairs[["low", "high"]].fillna(0) == 0).all(axis=None)
    assert set(pairs["found"]) == {"cannot be told"}  # of so few scenes
    assert {"uAP", "R@P90", "recall@1"} <= set(pairs["measure"])
    assert {"score", "distance", "hybrid"} <= set(pairs["ranking"])
    stored = values_of(finished.folder, "experiment")["value"]
    again = pairs.set_index(["index", "ranking", "measure"])["a"]
    assert again.to_numpy() == pytest.approx(stored[again.index].to_numpy(), nan_ok=True)


@pytest.mark.parametrize(
    ("counted", "found"), [(299, "cannot be told"), (300, "as good, within 0.01")]
)
def test_two_values_without_width_say_as_much_as_their_queries(tmp_path, counted, found):
    kept = {"variant": ["63x16"], "ranking": ["score"], "measure": ["uAP"], "n": [counted]}
    kept |= {key: [1.0] for key in ("value", "low", "high")}
    folder = RunFolder(tmp_path)
    folder.write_table("sweep", pd.DataFrame(kept))
    of = {"kind": "sweep"}
    (row,) = compare_quality(folder, folder, of, of, paired=False).to_dict("records")
    assert (row["difference"], row["how"], row["found"]) == (0, APART, found)


def test_hits_that_got_worse_are_worse_in_pairs(finished, altered):
    table = compared(finished.folder, altered).set_index(["index", "ranking", "measure"])
    row = table.loc["made_array", "score", "uAP"]
    assert row["how"] == PAIRED
    assert row["difference"] == pytest.approx(row["b"] - row["a"])
    assert row["low"] <= row["difference"] <= row["high"] < 0
    assert row["found"] == "worse"


def test_other_queries_are_not_paired(finished, altered):
    queries = altered.table("queries")
    queries.loc[0, "transform"] = "another"
    manifest = read_json(altered.path / "manifest.json")
    manifest["tables"]["queries"] = altered.write_table("queries", queries)
    write_json(altered.path / "manifest.json", manifest)
    table = compared(finished.folder, altered)
    assert set(table["how"]) == {APART}
    row = table.set_index(["index", "ranking", "measure"]).loc["made_array", "score", "uAP"]
    own = values_of(finished.folder, "experiment").loc["made_array", "score", "uAP"]
    assert row["low"] == pytest.approx(
        -np.hypot(own["value"] - own["low"], own["high"] - own["value"])
    )
