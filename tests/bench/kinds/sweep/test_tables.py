"""Tables of a sweep from made sizes."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import parameters
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.sample import choose_sample
from bench.kinds.sweep.tables import make_tables
from bench.runs.errors import MeasurementError


def quality(name, value):
    rows = [
        {"ranking": ranking, "measure": measure, "tie": "none", "value": value, "low": value - 0.1,
         "high": value + 0.1, "interval": "bootstrap", "n": 16, "difference": None}
        for ranking in ("score", "distance", "sign_distance")
        for measure in ("uAP", "threshold@P90")
    ]  # fmt: skip
    return {"rows": rows, "wrong_pairs": [5, 1], "by_cutoff": {}, "leaf_bytes": 3.1 * len(name)}


@pytest.fixture
def grid(sweep):
    return expand(sweep)


@pytest.fixture
def simulated(grid):
    return {name: quality(name, 1 - 1 / s.N) for name, s in grid.schemes.items()}


def true_size(scheme, leaf_bytes):
    return 20 + 0.1 * scheme.N + 1.2 * leaf_bytes + 0.3 * scheme.N * scheme.k * np.log2(scheme.base)


def confirmed_row(name, grid, simulated, codec="none", layout="tagged_long"):
    scheme = grid.schemes[name]
    size = true_size(scheme, simulated[name]["leaf_bytes"]) + 50 * (codec != "none")
    return {"variant": name, **parameters(scheme), "layout": layout, "codec": codec, "hits": 9,
            "bytes_per_document": size}  # fmt: skip


@pytest.fixture
def made(sweep, grid, simulated):
    chosen = choose_sample(grid.schemes, grid.required, 7)
    rows = [confirmed_row(name, grid, simulated) for name in chosen]
    rows.append(confirmed_row("63x16", grid, simulated, "context"))
    return make_tables(sweep, grid, simulated, rows)


def test_sizes_are_measured_or_predicted(made, grid, simulated, sweep):
    tables, models = made
    sizes = tables["sizes"].set_index("variant")
    assert set(sizes.index) == set(grid.schemes)
    chosen = choose_sample(grid.schemes, grid.required, 7)
    assert set(sizes.index[sizes["size_source"] == "measured"]) == set(chosen)
    for name, scheme in grid.schemes.items():
        expected = true_size(scheme, simulated[name]["leaf_bytes"])
        assert sizes.loc[name, "bytes_per_document"] == pytest.approx(expected)
    assert models["tagged_long"]["measured"] == 7
    test = tables["size_test"]
    assert set(test["variant"]) < set(chosen)
    assert len(test) == 2
    np.testing.assert_allclose(test["relative_error"], 0, atol=1e-6)


def test_each_row_has_the_size_its_ranking_needs(made, grid):
    points = made[0]["sweep"]
    assert len(points) == 6 * len(grid.schemes)
    size = points.pivot_table(index="variant", columns="ranking", values="bytes_per_document")
    np.testing.assert_allclose(size["distance"] - size["score"], 50)
    of_signs = points[points["ranking"] == "sign_distance"]
    assert of_signs["bytes_per_document"].isna().all()
    assert set(of_signs["size_source"]) == {"none"}


def test_the_front_is_of_qualities_only(made):
    tables = made[0]
    front = tables["pareto"]
    assert set(front["measure"]) == {"uAP"}
    assert set(front["ranking"]) == {"score", "distance"}
    assert front.loc[front["ranking"] == "score", "overall"].all()
    assert not front.loc[front["ranking"] == "distance", "overall"].any()
    assert tables["left_out"]["reason"].str.contains("leaves 648").all()
    assert len(tables["left_out"]) == 1
    assert tables["wrong_pairs"]["pairs"].sum() == 6 * len(tables["sizes"])


def test_layouts_of_few_indices_have_measured_sizes_only(sweep, grid, simulated):
    samples = [*sweep.live.samples, type(sweep.live.samples[0])(layout="dynamic", schemes=2)]
    more = sweep.model_copy(update={"live": sweep.live.model_copy(update={"samples": samples})})
    chosen = choose_sample(grid.schemes, grid.required, 7)
    rows = [confirmed_row(name, grid, simulated) for name in chosen]
    rows += [confirmed_row(name, grid, simulated, layout="dynamic") for name in chosen[:2]]
    tables, models = make_tables(more, grid, simulated, rows)
    assert set(models) == {"tagged_long"}
    of_dynamic = tables["sizes"][tables["sizes"]["layout"] == "dynamic"]
    assert of_dynamic["variant"].tolist() == chosen[:2]
    points = tables["sweep"]
    of_signs = points[(points["ranking"] == "sign_distance") & (points["measure"] == "uAP")]
    known = of_signs[of_signs["layout"] == "dynamic"]
    assert set(known["variant"]) == set(chosen[:2])


def test_a_first_layout_without_enough_sizes_is_an_error(sweep, grid, simulated):
    rows = [confirmed_row("63x16", grid, simulated)]
    with pytest.raises(MeasurementError, match="1 measured sizes"):
        make_tables(sweep, grid, simulated, rows)


def test_confirmed_rows_are_kept(made):
    confirmed = made[0]["confirmed"]
    assert isinstance(confirmed, pd.DataFrame)
    assert confirmed["codec"].value_counts().to_dict() == {"none": 7, "context": 1}
