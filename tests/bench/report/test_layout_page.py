"""The page "Where do the bytes go?"."""

import json
import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bench.report.layout_page import figures_of, layout_rows, layout_verdict
from bench.runs.folder import RunFolder


@pytest.mark.engine
def test_rows_are_ordered_by_bytes_saved(finished):
    rows = layout_rows(finished.folder).set_index("variant")
    assert rows["saved"].is_monotonic_decreasing
    sizes = finished.folder.table("variants").set_index("variant")["bytes_per_document"]
    for name, row in rows.iterrows():
        assert row["saved"] == sizes["made_array"] - sizes[name]
    assert rows.loc["made_column", "same_hits"]
    assert rows.loc["made_none", "same_hits"]  # without a signature, but the same documents
    assert not rows.loc[rows.index.str.startswith("n20-"), "same_hits"].any()
    assert rows.loc["made_column", "ghost"] > 0
    assert rows.loc["made_array", "ghost"] == 0


@pytest.mark.engine
def test_times_are_ratios_to_the_first_index(finished):
    rows = layout_rows(finished.folder).set_index("variant")
    assert rows.loc["made_array", "search_ratio"] == 1
    search = finished.folder.table("search_cost")
    base = search[
        (search["clock"] == "latency")
        & (search["clients"] == 1)
        & (search["minimum_should_match"] == 1)
        & (search["fetch"] == "signature")
        & (search["state"] == "warm")
    ].set_index("variant")
    assert rows.loc["made_column", "search_ratio"] == pytest.approx(
        base.loc["made_array", "p50"] / base.loc["made_column", "p50"], rel=1e-6
    )
    assert np.isnan(rows.loc["made_none", "search_ratio"])


@pytest.mark.engine
def test_the_verdict_names_the_smallest_index_that_keeps_the_signature(finished):
    rows = layout_rows(finished.folder)
    sentences = layout_verdict(rows)
    size = rows.set_index("variant")["bytes_per_document"]
    assert sentences[0].startswith("made_column (")
    assert f"{size['made_array'] / size['made_column']:.1f} times" in sentences[0]
    assert sentences[-1] == f"Without the signature made_none takes {size['made_none']:,.0f}."


@pytest.mark.engine
def test_the_page_has_figures_and_mappings_to_paste(finished):
    text = (finished.folder.path / "where-do-the-bytes-go.html").read_text(encoding="utf-8")
    assert text.count("<img ") == len(figures_of(finished.folder)) == 3
    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)', text) == ["report.html"]
    mappings = [
        json.loads(unescape(found)) for found in re.findall(r"<pre>(.*?)</pre>", text, re.S)
    ]
    assert len(mappings) == 4
    assert any(mapping.get("_source") == {"enabled": False} for mapping in mappings)


def test_other_conditions_of_searches_have_no_row():
    folder = RunFolder(Path(__file__).parents[3] / "results" / "reference-layouts")
    cost = folder.table("search_cost").assign(second_key=True)
    cost = pd.concat([cost, cost.assign(second_key=False, p50=2 * cost["p50"])])

    def table(name: str) -> pd.DataFrame:
        return cost if name == "search_cost" else folder.table(name)

    changed = layout_rows(SimpleNamespace(path=folder.path, table=table))
    pd.testing.assert_frame_equal(changed, layout_rows(folder))


def rows(*given) -> pd.DataFrame:
    """Indices of the same hits by name, codec and bytes a document; the first is compared with."""
    table = pd.DataFrame(given, columns=["variant", "codec_label", "bytes_per_document"])
    sizes = table["bytes_per_document"]
    table = table.assign(summary="s", same_hits=True, saved=sizes.iloc[0] - sizes)
    nothing = ("search_ratio", "bulk_ratio")
    names = [f"{name}{end}" for name in nothing for end in ("", "_low", "_high")]
    table = table.assign(**dict.fromkeys(names, np.nan))
    return table.sort_values("saved", ascending=False, kind="stable", ignore_index=True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([("a", "not stored", 100), ("b", "not stored", 80)], ["b takes 80"]),
        ([("a", "int_array", 100), ("b", "base62", 120)], []),
        ([("a", "int_array", 100), ("b", "sign, half", 80)], []),
        ([("a", "not stored", 100), ("b", "base62", 150)], ["a takes 100"]),
        ([("a", "sign", 100), ("b", "base62", 80)], []),
        ([("a", "int_array", 100), ("b", "sign", 30), ("c", "base62", 50)], ["c .* 2.0 times"]),
    ],
)
def test_only_what_keeps_the_signatures_is_said_to(given, said):
    sentences = layout_verdict(rows(*given))
    assert len(sentences) == len(said)
    assert all(map(re.search, said, sentences))


def test_times_of_a_first_that_is_not_timed_are_against_another():
    table = rows(("a", "int_array", 100), ("b", "base62", 80), ("c", "packed", 50))
    for end in ("", "_low", "_high"):
        for name in ("search_ratio", "bulk_ratio"):
            table[f"{name}{end}"] = table["variant"].map({"b": 1.0, "c": 3.0})
    smallest, faster = layout_verdict(table, "b")
    assert smallest.startswith("c (s; signature as packed) takes 50 bytes a document, a 100: 2.0")
    assert faster.startswith("It is searched 3.0 times as fast as b (95 % interval 3.0 to 3.0)")
    assert "(99 % interval" in layout_verdict(table, "b", sure="99 %")[1]
    assert len(layout_verdict(table[table["variant"] != "c"], "b")) == 1  # b beside itself
