"""Figures of pages: the smaller file, and the data beside it."""

import base64
import io

import numpy as np
from PIL import Image

from bench.report.picture import pictures
from bench.runs.folder import RunFolder


def test_the_smaller_file_is_taken_and_only_known_figures_are_live(tmp_path):
    folder = RunFolder(tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "projections.csv").write_text(
        "variant,documents,primary_bytes,primary_low,primary_high\na,10,1e9,1e9,2e9\n"
    )
    noise = np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "figures" / "other.png")
    alts = {"projections": "Sizes", "other": "Noise"}
    drawn = pictures(folder, alts, {"projections": b"<svg/>", "other": b"<svg>" + b" " * 9000})
    assert drawn["projections"].source.startswith("data:image/svg+xml;base64,")
    assert len(drawn["projections"].plot["rows"]) == 1
    assert drawn["other"].plot is None
    kind, _, content = drawn["other"].source.partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (60, 40)
