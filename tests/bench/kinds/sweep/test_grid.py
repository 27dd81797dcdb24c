"""Grids: every combination is a scheme, or is left out with a reason."""

from itertools import product

import numpy as np
import pytest

from bench.index.variant import PARAMETERS, parameters, scheme_name, scheme_variant
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import check_sample, choose_sample, expand, hold_out
from bench.runs.errors import ExperimentError
from imgsig import WordScheme

AXES = {
    "N": [8, 63, 100],
    "k": [4, 16, 30],
    "alphabet": ["ternary", "quinary"],
    "spacing": ["even", "disjoint"],
    "strip": ["none", "half"],
}


def sweep(**given):
    live = {"samples": [{"layout": "dynamic", "schemes": 8}]}
    return Sweep.model_validate({"kind": "sweep", "name": "made", "live": live, **given})


def test_every_combination_is_in_or_left_out():
    grid = expand(sweep(grid=[AXES], reference={"N": 63, "k": 16}))
    inside = {tuple(parameters(scheme).values()) for scheme in grid.schemes.values()}
    outside = set(map(tuple, grid.left_out[list(PARAMETERS)].to_numpy().tolist()))
    assert inside | outside == set(product(*AXES.values()))
    assert not inside & outside
    reasons = grid.left_out.set_index(list(PARAMETERS))["reason"]
    assert "leaves 272" in reasons[63, 16, "ternary", "disjoint", "half"]
    assert "64-bit" in reasons[8, 30, "quinary", "even", "none"]


def test_names_tell_schemes_apart():
    grid = expand(sweep(grid=[AXES], always=[{"N": 2, "k": 3, "spacing": [0, 9]}]))
    assert len(set(map(id, grid.schemes.values()))) == len(grid.schemes)
    configs = [str(scheme.get_config()) for scheme in grid.schemes.values()]
    assert len(set(configs)) == len(configs)
    assert grid.required[0] == "63x16"
    assert grid.required[1].startswith("2x3-chosen")
    one, other = (WordScheme(N=2, k=3, spacing=(0, place)) for place in (9, 10))
    assert scheme_name(one) != scheme_name(other)


def test_blocks_may_overlap():
    grid = expand(sweep(grid=[{"N": [63, 8], "k": [16]}, {"N": [8, 16], "k": [16]}]))
    assert list(grid.schemes) == ["63x16", "8x16", "16x16"]


def test_what_is_always_in_must_be_possible():
    wanted = {"N": 100, "k": 10, "spacing": "disjoint"}
    with pytest.raises(ExperimentError, match="100 disjoint words"):
        expand(sweep(grid=[AXES], always=[wanted]))


def test_unknown_layouts_are_refused():
    live = {"samples": [{"layout": "papyrus", "schemes": 8}]}
    with pytest.raises(ExperimentError, match="papyrus"):
        expand(sweep(grid=[AXES], live=live))


def test_a_grid_that_cannot_tell_sizes_is_refused_before_anything_is_measured():
    few = sweep(grid=[{"N": [8, 16], "k": [8, 16]}])
    with pytest.raises(ExperimentError, match="5 ways of taking words are too few"):
        check_sample(few, expand(few))
    of_lengths = sweep(grid=[{"N": [63], "k": [4, 6, 8, 10, 12, 14, 20, 24]}])
    of_counts = sweep(grid=[{"N": [8, 12, 16, 24, 32, 48, 96, 128], "k": [16]}])
    for one in (of_lengths, of_counts):
        with pytest.raises(ExperimentError, match="must both take several values"):
            check_sample(one, expand(one))
    both = sweep(grid=[{"N": [8, 16, 32], "k": [8, 12, 16]}])
    check_sample(both, expand(both))


def test_a_schemes_variant_has_its_words():
    scheme = WordScheme(N=17, k=16, spacing="disjoint", strip="half")
    variant = scheme_variant(scheme, "dynamic")
    assert variant.scheme == scheme
    assert not variant.stores_signature


SCHEMES = {
    f"{N}x{k}{alphabet[0]}": WordScheme(N=N, k=k, alphabet=alphabet)
    for N in (8, 16, 32, 64, 128)
    for k in (4, 8, 16, 24)
    for alphabet in ("ternary", "quinary")
}


def test_required_ones_come_first_and_none_comes_twice():
    chosen = choose_sample(SCHEMES, ["32x8t", "8x4q"], 10)
    assert chosen[:2] == ["32x8t", "8x4q"]
    assert len(set(chosen)) == len(chosen) == 10
    assert chosen == choose_sample(SCHEMES, ["32x8t", "8x4q"], 10)


def test_the_ends_of_every_axis_are_in():
    chosen = [SCHEMES[name] for name in choose_sample(SCHEMES, ["32x8t"], 9)]
    assert {scheme.N for scheme in chosen} >= {8, 128}
    assert {scheme.k for scheme in chosen} >= {4, 24}
    alphabets = [scheme.alphabet for scheme in chosen]
    assert min(alphabets.count("ternary"), alphabets.count("quinary")) >= 4


def test_a_sample_is_at_most_everything_and_at_least_what_is_required():
    assert set(choose_sample(SCHEMES, ["8x4t"], 1000)) == set(SCHEMES)
    assert choose_sample(SCHEMES, ["8x4t", "8x4q"], 1) == ["8x4t", "8x4q"]


def test_one_scheme_alone_is_a_sample():
    assert choose_sample({"8x4": WordScheme(N=8, k=4)}, [], 3) == ["8x4"]


def test_held_out_ones_are_spread_over_the_order():
    chosen = [str(i) for i in range(20)]
    places = [int(name) for name in hold_out(chosen, 0.3)]
    assert len(places) == 6
    assert 0 not in places
    assert set(np.diff(places)) <= {3, 4}
    assert hold_out(["a"], 0.3) == []
