"""Tables of a sweep from made sizes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.index.variant import parameters
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import choose_sample, expand
from bench.kinds.sweep.tables import (
    make_tables,
    pareto_front,
    pareto_table,
    signature_bytes,
    sizes_by_ranking,
)
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


POINTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


@given(POINTS)
def test_a_point_is_on_the_front_unless_another_beats_it(points):
    front = pareto_front([p[0] for p in points], [p[1] for p in points])
    for own, on_front in zip(points, front, strict=True):
        beaten = any(p != own and p[0] <= own[0] and p[1] >= own[1] for p in points)
        assert on_front == (not beaten)


def test_points_without_a_size_or_a_value_are_on_no_front():
    front = pareto_front([np.nan, 100, 200], [0.9, np.nan, 0.1])
    assert front.tolist() == [False, False, True]


def test_one_front_a_ranking_and_measure():
    table = pd.DataFrame(
        [
            ("a", "score", "uAP", 0.5, 100.0),
            ("b", "score", "uAP", 0.4, 200.0),
            ("c", "score", "uAP", 0.6, 300.0),
            ("b", "score", "recall@1", 0.4, 200.0),
            ("a", "sign_distance", "uAP", 0.7, 100.0),
            ("a", "score", "threshold@P90", 9.0, 100.0),
        ],
        columns=["variant", "ranking", "measure", "value", "bytes_per_document"],
    )
    found = pareto_table(table)
    assert list(zip(found["variant"], found["ranking"], found["measure"], strict=True)) == [
        ("a", "score", "uAP"),
        ("c", "score", "uAP"),
        ("b", "score", "recall@1"),
        ("a", "sign_distance", "uAP"),
    ]


def sweep(*layouts):
    samples = [{"layout": layout, "schemes": 6} for layout in layouts]
    given = {"kind": "sweep", "name": "made", "grid": [{"N": [8], "k": [4]}]}
    return Sweep.model_validate({**given, "live": {"samples": samples}})


def sizes(**by_layout):
    rows = [
        (variant, layout, size, size - 1, size + 1, source)
        for layout, base in by_layout.items()
        for variant, size, source in (
            ("63x16", base, "measured"),
            ("8x4", base / 2, "predicted"),
            ("9x4", base / 3, "measured"),
        )
    ]
    columns = ["variant", "layout", "bytes_per_document", "bytes_low", "bytes_high", "size_source"]
    return pd.DataFrame(rows, columns=columns)


def test_where_words_can_be_read():
    assert sweep("tagged_long", "dynamic").rankings_of_words == ["score"]
    assert sweep("dynamic").rankings_of_words == ["score", "sign_distance"]


def test_a_signature_is_the_difference_of_two_indices():
    rows = [
        {"variant": "63x16", "layout": "tagged_long", "codec": "none", "bytes_per_document": 240.0},
        {"variant": "63x16", "layout": "dynamic", "codec": "none", "bytes_per_document": 1100.0},
        {"variant": "8x4", "layout": "tagged_long", "codec": "none", "bytes_per_document": 30.0},
        {
            "variant": "63x16",
            "layout": "tagged_long",
            "codec": "context",
            "bytes_per_document": 300.0,
        },
    ]
    made = sweep("tagged_long", "dynamic")
    assert signature_bytes(made, "63x16", rows) == 60
    assert np.isnan(signature_bytes(made, "63x16", rows[:3]))


def test_each_ranking_has_the_size_of_what_it_needs():
    made = sizes_by_ranking(
        sweep("tagged_long", "dynamic"), sizes(tagged_long=240.0, dynamic=1200.0), "63x16", 60.0
    ).set_index(["ranking", "variant"])
    size, source = made["bytes_per_document"], made["size_source"]
    assert size["score"].to_dict() == {"63x16": 240, "8x4": 120, "9x4": 80}
    assert size["distance"].to_dict() == {"63x16": 300, "8x4": 180, "9x4": 140}
    assert made.loc[("distance", "8x4"), "bytes_high"] == 181
    assert size["sign_distance"].to_dict() == {"63x16": 1200, "8x4": 600, "9x4": 400}
    # Only of the reference was an index with a signature measured.
    assert source["distance"].to_dict() == {
        "63x16": "measured",
        "8x4": "predicted",
        "9x4": "predicted",
    }
    assert source["score"].to_dict()["9x4"] == "measured"


def test_no_readable_words_no_size():
    made = sizes_by_ranking(sweep("tagged_long"), sizes(tagged_long=240.0), "63x16", 60.0)
    assert set(made["ranking"]) == {"score", "distance"}


@pytest.mark.parametrize("variant", ["63x16", "8x4"])
def test_without_a_measured_signature_distance_has_no_size(variant):
    made = sizes_by_ranking(sweep("tagged_long"), sizes(tagged_long=240.0), "63x16", float("nan"))
    own = made[(made["ranking"] == "distance") & (made["variant"] == variant)]
    assert own["bytes_per_document"].isna().all()
