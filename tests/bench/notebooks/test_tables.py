"""Rows of the small tables and sentences of verdicts are those of the runs' tables."""

import pandas as pd
import pytest

from bench.notebooks import tables
from bench.notebooks.results import run
from bench.notebooks.tables import codec_index_verdict


@pytest.fixture(scope="module")
def reference():
    return run("reference")


def test_sizes_are_measured_ones_largest_first(reference):
    shown = tables.size_table(reference)
    variants = reference.table("variants").set_index("variant")["bytes_per_document"]
    assert shown["bytes a document"].tolist() == sorted(variants, reverse=True)
    last = shown.iloc[-1]
    assert last["smaller by"] == f"{variants.iloc[0] / variants[last['index']]:.2f}×"


def test_layouts_find_the_same_and_come_smallest_first():
    run_of_layouts = run("reference-layouts")
    shown = tables.layout_table(run_of_layouts, rows=5)
    assert shown["bytes a document"].is_monotonic_increasing
    cost = run_of_layouts.table("search_cost")
    timed = shown[shown.iloc[:, -1] != "–"].iloc[0]
    own = cost[
        (cost["variant"] == timed["index"]) & (cost["clock"] == "latency") & (cost["clients"] == 1)
        & (cost["minimum_should_match"] == 1) & (cost["fetch"] == "signature")
        & (cost["state"] == "warm")
    ].iloc[0]  # fmt: skip
    assert timed.iloc[-1] == (
        f"{1 / own['ratio_to_first']:.1f} ({1 / own['high']:.1f} – {1 / own['low']:.1f})×"
    )


def test_quality_has_intervals(reference):
    shown = tables.quality_table(reference, "tester").set_index("ranked by")
    metrics = reference.table("metrics")
    row = metrics.query(
        "variant == 'tester' and ranking == 'distance' and measure == 'R@P90'"
        " and transform == 'all' and tie in ['expected', 'none']"
    ).iloc[0]
    expected = f"{row['value']:.3f} ({row['low']:.3f} – {row['high']:.3f})"
    assert shown.loc["distance", "R@P90"] == expected


def test_cutoffs_are_those_tuned(reference):
    shown = tables.cutoff_table(reference, "tester")
    table = reference.table("cutoffs").query("variant == 'tester' and ranking == 'score'")
    own = shown[shown["ranked by"] == "score"]
    assert own["cutoff"].astype(float).tolist() == table["cutoff"].tolist()
    assert own["tuned for"].tolist() == table["target"].tolist()


def test_headings_say_the_confidence_of_their_run(saying):
    sure, unsure = {"confidence": 0.95}, {"confidence": 0.8}
    for said, evaluation in (("95 %", sure), ("80 %", unsure)):
        shown = tables.cutoff_table(saying("reference", evaluation=evaluation), "tester")
        assert f"recall there ({said} interval)" in shown
        shown = tables.front_table(saying("reference-sweep", evaluation=evaluation))
        assert {f"bytes a document ({said})", f"uAP ({said} interval)"} <= set(shown)
        shown = tables.layout_table(saying("reference-layouts", cost=evaluation))
        assert f"searched as fast ({said} interval)" in shown
    assert "searched as fast" in tables.layout_table(run("reference-pictures"))


def test_the_front_is_thinned_evenly_and_keeps_both_ends():
    sweep = run("reference-sweep")
    front = sweep.table("pareto").query("measure == 'uAP' and overall")
    front = front.sort_values("bytes_per_document", kind="stable")
    shown = tables.front_table(sweep, rows=5)
    assert len(shown) == 5
    names = shown["words × values"].tolist()
    assert [names[0], names[-1]] == front["variant"].iloc[[0, -1]].tolist()
    assert len(tables.front_table(sweep, rows=10**6)) == len(front)


def test_codecs_of_one_strip_smallest_first():
    codecs = run("reference-codec-sizes").table("codecs")
    shown = tables.codec_table(codecs)
    own = codecs[codecs["strip"] == "half"].sort_values("bytes_whole", kind="stable")
    assert len(shown) == len(own)
    first = own.iloc[0]
    assert shown.iloc[0]["bytes a signature (95 %)"].startswith(f"{first['bytes_whole']:.1f} (")
    assert shown["codec"].is_unique  # "zlib" and "zlib of packed" are two


def test_projections_have_a_column_a_size():
    scale = run("reference-scale")
    shown = tables.projection_table(scale)
    row = scale.table("projections").iloc[0]
    values = (row[f"primary_{end}"] / 1e9 for end in ("bytes", "low", "high"))
    value, low, high = (f"{number:,.0f}" for number in values)
    (column,) = [c for c in shown if c.startswith(f"{row['documents'] / 1e6:,.0f} M images, GB")]
    assert shown.set_index("index").loc[row["variant"], column] == f"{value} ({low} – {high})"
    assert pd.notna(shown).all().all()


def test_what_a_codec_saves_of_an_index():
    folder = run("reference-codecs")
    sentence = codec_index_verdict(folder)
    variants = folder.table("variants")
    lossless = variants[~variants["codec"].isin(["none", "sign"])]
    for size in (
        variants["bytes_per_document"].iloc[0],
        lossless["bytes_per_document"].min(),
        variants.loc[variants["codec"] == "none", "bytes_per_document"].min(),
    ):
        assert f"{size:,.0f}" in sentence
