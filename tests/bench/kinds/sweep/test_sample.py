"""Samples span the grid, and are the same every time."""

import numpy as np

from bench.kinds.sweep.sample import choose_sample, hold_out
from imgsig import WordScheme

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
