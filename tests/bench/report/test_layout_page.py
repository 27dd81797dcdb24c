"""The page "Where do the bytes go?"."""

import json
import re
from html import unescape

import numpy as np
import pytest

from bench.report.layout_page import figures_of, layout_rows, layout_verdict

pytestmark = pytest.mark.engine


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


def test_the_verdict_names_the_smallest_index_that_keeps_the_signature(finished):
    rows = layout_rows(finished.folder)
    sentences = layout_verdict(rows)
    size = rows.set_index("variant")["bytes_per_document"]
    assert sentences[0].startswith("made_column (")
    assert f"{size['made_array'] / size['made_column']:.1f} times" in sentences[0]
    assert sentences[-1] == f"Without the signature made_none takes {size['made_none']:,.0f}."


def test_the_page_has_figures_and_mappings_to_paste(finished):
    text = (finished.folder.path / "where-do-the-bytes-go.html").read_text(encoding="utf-8")
    assert text.count("<img ") == len(figures_of(finished.folder)) == 3
    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)', text) == ["report.html"]
    mappings = [
        json.loads(unescape(found)) for found in re.findall(r"<pre>(.*?)</pre>", text, re.S)
    ]
    assert len(mappings) == 4
    assert any(mapping.get("_source") == {"enabled": False} for mapping in mappings)
