"""Pages: escaped, strict and packed, figures in their smaller form, tables in plain text."""

import base64
import gzip
import hashlib
import html
import io
import re

import numpy as np
import pandas as pd
import pytest
from jinja2 import UndefinedError
from PIL import Image

from bench.report.page import (
    LONG,
    Listing,
    PageFigure,
    library_code,
    packed_library,
    page_figures,
    render,
    write_evidence,
)
from bench.runs.folder import RunFolder


def test_what_comes_from_outside_is_escaped_and_what_is_missing_is_an_error():
    row = {"index": "<script>", "warnings": [], "bytes_per_document": None, "smaller_by": None}
    numbers = ("documents", "store_bytes", "segments", "deleted", "shards", "replicas")
    values = {
        "rows": [row | dict.fromkeys(numbers, 1)],
        "differences": {},
        "fields": [],
        "figure": "",
    }
    page = render("compare.html.j2", when="now", measured_on="an engine", **values)
    assert page.count("<script>") == 1  # that of the tables
    assert "&lt;script&gt;" in page
    with pytest.raises(UndefinedError, match="measured_on"):
        render("compare.html.j2", when="now", **values)


def test_only_scripts_of_this_package_may_run_and_nothing_is_fetched():
    manifest = {"title": "made", "name": "made", "finished": "2026-01-02", "config_text": "",
                "engine": {"name": "elasticsearch", "version": "9.2.4"},
                "code": {"commit": None, "dirty": None},
                "machine": {}, "dataset": {}}  # fmt: skip
    plot = {"columns": [], "rows": [], "spec": {}}
    for live in (False, True):
        figure = PageFigure("made", "A figure.", "data:,", plot if live else None)
        page = render(
            "evidence.html.j2",
            manifest=manifest,
            sentences=[],
            cautions=[],
            pictures={"made": figure},
            listings=[],
        )
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
        policy = html.unescape(policy)
        scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
        scripts += [library_code()] if live else []
        assert len(scripts) == (3 if live else 1)
        for script in scripts:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        assert policy.count("sha256-") == len(scripts)
        assert ("'unsafe-eval'" in policy) == live
        assert "default-src 'none'" in policy


def test_what_is_packed_is_the_library():
    code = library_code()
    assert gzip.decompress(base64.b64decode(packed_library())).decode() == code
    assert "vegaEmbed" in code
    assert "</script" not in code
    assert len(packed_library()) < 500_000
    packed = packed_library()
    packed_library.cache_clear()
    library_code.cache_clear()
    assert packed_library() == packed


def test_the_smaller_file_is_taken_and_only_known_figures_are_live(tmp_path):
    folder = RunFolder(tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "projections.csv").write_text(
        "variant,documents,primary_bytes,primary_low,primary_high\na,10,1e9,1e9,2e9\n"
    )
    noise = np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "figures" / "other.png")
    drawings = {"projections": (None, "Sizes"), "other": (None, "Noise")}
    drawn = page_figures(
        folder, drawings, {"projections": b"<svg/>", "other": b"<svg>" + b" " * 9000}
    )
    assert drawn["projections"].source.startswith("data:image/svg+xml;base64,")
    assert len(drawn["projections"].plot["rows"]) == 1
    assert drawn["other"].plot is None
    kind, _, content = drawn["other"].source.partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (60, 40)


MANIFEST = {
    "config": {},
    "title": "<Sizes>",
    "name": "sizes",
    "finished": "2026-01-02T03:04:05+00:00",
    "engine": {"name": "elasticsearch", "version": "9.2.4"},
    "config_text": "kind: <made>",
    "code": {"commit": "abc123", "dirty": True},
    "machine": {},
    "dataset": {"unreadable": []},
}


def test_cells_are_written_as_a_reader_reads_them():
    table = pd.DataFrame(
        {
            "store_bytes": [1234567, 2],
            "share": [0.25, np.nan],
            "rate": [1.5e-7, 0.0],
            "size": [12345.6, 3.14159],
            "exact": [True, False],
            "name": ["a", "<b>"],
        }
    )
    listing = Listing("Sizes", "note", table)
    assert listing.columns[0] == "store bytes"
    assert listing.rows == [
        ["1,234,567", "0.25", "1.5e-07", "12,346", "yes", "a"],
        ["2", "–", "0", "3.142", "no", "<b>"],
    ]
    assert listing.numeric[:4] == [True] * 4
    assert not listing.numeric[5]


def test_a_table_longer_than_a_screen_is_folded(tmp_path):
    listings = [
        Listing(f"{rows} rows", "note", pd.DataFrame({"n": range(rows)}))
        for rows in (LONG, LONG + 1)
    ]
    write_evidence(RunFolder(tmp_path), MANIFEST, ["It is so."], {}, {}, listings)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<details>") == page.count("</details>") == 2
    folded = [f"All {LONG + 1} rows", "Code, machine, engine and collection"]
    assert re.findall("<summary>(.*)</summary>", page) == folded


def test_the_page_has_all_of_it_and_nothing_unescaped(tmp_path):
    folder = RunFolder(tmp_path)
    listing = Listing("Sizes", "What <they> are", pd.DataFrame({"name": ["<b>"], "n": [3]}))
    drawings = {"made": (lambda folder: None, "A figure of <something>")}
    write_evidence(folder, MANIFEST, ["It is <so>."], drawings, {"made": b"<svg/>"}, [listing])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for hostile in ("<Sizes>", "<made>", "<they>", "<b>", "<so>", "<something>"):
        assert hostile not in page
        assert hostile.replace("<", "&lt;").replace(">", "&gt;") in page
    assert page.count("data:image/svg+xml") == 1
    assert "It is &lt;so&gt;." in page
    assert "git checkout abc123" in page
    assert "not committed" in page
