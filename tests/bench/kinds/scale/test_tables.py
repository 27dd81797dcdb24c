"""Tables of made sizes, by hand."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scale.config import Scale
from bench.kinds.scale.tables import bytes_check, projections_table, reported_table
from bench.sizes.fit import fits_table

SIZES = [5_000, 10_000, 20_000, 40_000, 68_000, 80_000, 100_000]
SCALE = Scale.model_validate(
    {
        "kind": "scale",
        "name": "made",
        "variants": [
            {"name": "large", "codec": {"id": "int_array"}},
            {"name": "small", "codec": {"id": "none"}},
        ],
        "sizes": SIZES,
        "projection": {"documents": [1_000_000_000]},
        "reported": {"without_signature": "small"},
    }
)


def sizes(worth: float, last: float = 0.0) -> pd.DataFrame:
    """Of two variants, the second half as large; the largest off by `last` bytes a document."""
    rows = [
        (variant, "collection", n, round(n * (part + 60 * (n > 65_536) + last * (n == SIZES[-1]))))
        for variant, part in (("large", worth), ("small", worth / 2))
        for n in SIZES
    ]
    table = pd.DataFrame(rows, columns=["variant", "origin", "documents", "store_bytes"])
    return table.assign(bytes_per_document=table["store_bytes"] / table["documents"])


def test_a_fit_that_holds_predicts_the_largest():
    fits, best = fits_table(sizes(1_000), 0.95)
    full = fits[fits["model"] == "full"].set_index("variant")
    np.testing.assert_allclose(full["predicted"], [1_060, 560], rtol=1e-6)
    np.testing.assert_allclose(full["error"], 0, atol=1e-6)
    assert fits["model"].to_list() == ["line", "step", "full"] * 2
    assert {name: fit.model for name, fit in best.items()} == {"large": "full", "small": "full"}
    assert full.loc["large", "step"] == pytest.approx(60, abs=0.01)
    line = fits[fits["model"] == "line"]
    assert line["step"].isna().all()
    # A line through sizes on both sides of the step is wrong beyond it.
    assert (line["error"].abs() > 10 * full["error"].abs().to_numpy()).all()


def test_a_size_that_breaks_the_fit_is_outside():
    fits, _ = fits_table(sizes(1_000, last=30), 0.95)
    full = fits[(fits["model"] == "full") & (fits["variant"] == "large")].iloc[0]
    assert not full["inside"]
    assert full["error"] == pytest.approx(1_060 / 1_090 - 1, rel=1e-3)


def test_what_is_not_tested_says_so():
    few = sizes(1_000)
    fits, _ = fits_table(few[few["documents"] <= 20_000], 0.95)
    assert fits["predicted"].isna().all()
    assert not fits["inside"].any()


def test_projections_are_compared_with_the_first():
    _, best = fits_table(sizes(1_000), 0.95)
    table = projections_table(best, SCALE).set_index("variant")
    # Beyond 2^24 documents a shard the step comes again.
    assert table.loc["small", "bytes_per_document"] == pytest.approx(620, abs=0.5)
    assert table.loc["small", "documents_per_shard"] > 2**24
    assert table["ratio_to_first"].to_list() == pytest.approx([1, 1120 / 620], rel=1e-3)


def test_reports_stand_beside_as_many_documents():
    _, best = fits_table(sizes(1_000), 0.95)
    (row,) = reported_table(best, SCALE).to_dict("records")
    assert row["documents"] == 8_316_821
    assert row["projected_gb"] == pytest.approx(8_316_821 * 560 / 1e9, rel=1e-4)
    assert row["reported_over_projected"] == pytest.approx(12.7775277 / row["projected_gb"])
    nothing = reported_table(best, SCALE.model_copy(update={"reported": {}}))
    assert nothing.empty
    assert list(nothing) == list(row)


def test_synthetic_indices_are_compared_with_real_ones_of_their_size():
    table = sizes(1_000)
    synthetic = table[(table["documents"] == 20_000) & (table["variant"] == "small")].assign(
        origin="synthetic", bytes_per_document=505.0
    )
    (row,) = bytes_check(pd.concat([table, synthetic]), 0.02).to_dict("records")
    assert row["measure"] == "bytes_per_document of small, 20,000 documents"
    assert (row["real"], row["synthetic"], row["ok"]) == (500, 505, True)
