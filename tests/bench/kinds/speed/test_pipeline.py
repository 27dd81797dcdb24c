"""Where the time goes, by hand."""

import pandas as pd
import pytest

from bench.kinds.speed.pipeline import SIGNING, summarize_stages


def test_stages_are_means_of_files_and_medians_of_requests():
    times = {"levels": (0.02, 0.04), "exact": (0.03, 0.07), "levels, fast": (0.01, 0.01)}
    times["fast"] = (0.01, 0.02)
    signing = pd.DataFrame(
        [
            (file, tool, repetition, value + noise)
            for tool, values in times.items()
            for file, value in zip("ab", values, strict=True)
            for repetition, noise in enumerate((0.0, 0.0, 0.5))
        ],
        columns=["file", "tool", "repetition", "seconds"],
    )
    documents = pd.DataFrame(
        [("v", stage, 500, s) for stage, s in (("encode", 1.0), ("bulk", 2.0), ("bulk", 4.0))],
        columns=["variant", "stage", "documents", "seconds"],
    )
    table = summarize_stages(signing, documents).set_index(["decode_mode", "stage"])["seconds"]
    assert set(table.index.get_level_values(0)) == set(SIGNING)
    assert table["exact"].to_dict() == pytest.approx(
        {"decode": 30, "signature": 20, "encode": 2, "bulk": 6}
    )
    assert table["fast"].to_dict() == pytest.approx(
        {"decode": 10, "signature": 5, "encode": 2, "bulk": 6}
    )
