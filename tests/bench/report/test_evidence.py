"""Pages of verdict, figures and tables."""

import numpy as np
import pandas as pd

from bench.report.evidence import Listing, write_evidence
from bench.runs.folder import RunFolder

MANIFEST = {
    "config": {},
    "title": "<Sizes>",
    "name": "sizes",
    "finished": "2026-01-02T03:04:05+00:00",
    "engine": {"elasticsearch": "8.18.0"},
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
