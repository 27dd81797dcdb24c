"""The verdict of a codec run quotes its tables."""

import pandas as pd
import pytest

from bench.kinds.codecs.page import codec_listings, codec_verdict
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder

CODECS = pd.DataFrame(
    [("small", True, 40.0, 39.0, 41.0, 1.25, 100.0), ("quick", True, 80.0, 80.0, 80.0, 2.5, 2000.0),
     ("lossy", False, 30.0, 30.0, 30.0, 1.0, 9e9), ("slow", True, 60.0, 60.0, 60.0, 2.0, 999.0)],
    columns=["id", "lossless", "bytes_whole", "low", "high", "ratio_to_limit", "decode_per_s"],
).assign(strip="half")  # fmt: skip
LIMIT = pd.DataFrame(
    [("strong", "whole", 32.0, 31.0, 33.0), ("strong", "crops", 20.0, 19.0, 21.0),
     ("weak", "whole", 50.0, 49.0, 51.0)],
    columns=["model", "pictures", "bytes", "low", "high"],
)  # fmt: skip


def test_the_smallest_lossless_codec_and_the_smallest_quick_one():
    assert codec_verdict(CODECS, LIMIT) == [
        "small over the strip half is the smallest lossless codec: 40.0 bytes a signature (95 % "
        "interval 39.0 to 41.0), 1.25 times the limit of 32.0 (31.0 to 33.0; strong).",
        "The smallest that is decoded at least ten times as fast is quick over the strip half: "
        "80.0 bytes, 20 times as fast.",
    ]
    assert len(codec_verdict(CODECS.head(1), LIMIT)) == 1


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"collection": "photos", "also": []}, "trained on the other groups. It is"),
        (
            {"collection": "folder:mine", "also": []},
            "trained on the other groups, and under networks that come trained, the codec's on the "
            "collection photos. It is",
        ),
        ({"collection": "photos", "also": ["more.npz"]}, "networks that come trained"),
    ],
)
def test_what_the_models_were_trained_on_is_said(config, said):
    folder = RunFolder(ROOT / "results" / "reference-codec-sizes")
    listings = codec_listings(folder, folder.manifest() | {"config": config})
    (note,) = (one.note for one in listings if one.title == "How few bytes could do")
    assert said in note
