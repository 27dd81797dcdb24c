"""Pairs of signatures: counted as the library counts them, one by one."""

from itertools import combinations, product

import numpy as np
import pytest

from bench.kinds.synthetic.likeness import halves_of
from bench.kinds.synthetic.pairs import CUTOFFS, ORIGINS, SCHEMES, count_pairs, pairs_check
from imgsig import normalized_distance
from imgsig.strips import HalfStrip, get_strip
from tests.bench.kinds.synthetic.conftest import draw

#: Few scenes, so that many pairs are related.
GROUPS = np.repeat(["a", "b", "c", "d"], [16, 12, 8, 4])
COUNT = len(GROUPS)
FACTORS = dict.fromkeys(CUTOFFS, 5.0)


@pytest.fixture(scope="module")
def signatures(unguided) -> tuple[np.ndarray, np.ndarray]:
    """Alike by halves, so that there are pairs beyond most cutoffs; one is blank."""
    free = HalfStrip().keep(draw(unguided, 2 * COUNT, seed=2))
    free[::3, :170] = free[0, :170]
    free[7] = 0
    drawn = HalfStrip().restore(free)
    return drawn[:COUNT], drawn[COUNT:]


def measured(signatures: np.ndarray) -> dict[str, np.ndarray]:
    """Each statistic of each with each."""
    tables = {}
    for name, scheme in SCHEMES.items():
        words = scheme.words(signatures)
        tables[name] = (words == words[:, np.newaxis]).sum(axis=-1)
    bits = signatures[:, get_strip("half").kept] > 0
    tables["bits"] = (bits != bits[:, np.newaxis]).sum(axis=-1)
    tables["distance"] = np.stack([normalized_distance(signatures, one) for one in signatures])
    return tables


def is_alike(statistic: str, value: float, cutoff: float) -> bool:
    if statistic == "distance":
        return value < cutoff
    return value <= cutoff if statistic == "bits" else value >= cutoff


def test_every_pair_is_counted_once_and_related_ones_never(signatures):
    real, synthetic = signatures
    halves, pairs = halves_of(GROUPS), {name: [] for name in ORIGINS}
    for i, j in combinations(range(COUNT), 2):
        pairs["synthetic"].append((COUNT + i, COUNT + j))
        if GROUPS[i] != GROUPS[j]:
            part = ORIGINS[halves[i]] if halves[i] == halves[j] else "across halves"
            pairs[part].append((i, j))
    pairs["real and synthetic"] = list(product(range(COUNT), range(COUNT, 2 * COUNT)))
    tables = measured(np.concatenate(signatures))
    counted = count_pairs(real, GROUPS, synthetic)
    assert len(counted) == len(ORIGINS) * sum(map(len, CUTOFFS.values()))
    for row in counted.itertuples():
        own = [tables[row.statistic][pair] for pair in pairs[row.origin]]
        assert row.pairs == len(own)
        assert row.alike == sum(is_alike(row.statistic, value, row.cutoff) for value in own)
    assert (counted.loc[counted["statistic"] == "score", "alike"] > 0).mean() > 0.5


def test_shares_are_compared_with_a_factor(signatures):
    counted = count_pairs(signatures[0], GROUPS, signatures[1])
    check = pairs_check(counted, FACTORS).set_index("measure")
    row = check.loc["synthetic, score >= 8"]
    own = counted[(counted["statistic"] == "score") & (counted["cutoff"] == 8)]
    own = own.set_index("origin")[["pairs", "alike"]]
    real = own.loc[list(ORIGINS[:3])].sum()
    assert row["real"] == real["alike"] / real["pairs"]
    assert row["synthetic"] == own.loc["synthetic", "alike"] / own.loc["synthetic", "pairs"]
    assert row["difference"] == pytest.approx(row["synthetic"] / row["real"] - 1)
    assert (check["tolerance"] == 4).all()


@pytest.mark.parametrize(
    ("drawn", "real", "ok"),
    [
        (500, 100, True),
        (700, 100, False),
        (20, 100, True),
        (5, 100, False),
        (4, 0, True),  # chance: none where 0.8 are expected
        (40, 0, False),
        (0, 0, True),
    ],
)
def test_more_or_fewer_than_chance_allows_are_refused(signatures, drawn, real, ok):
    counted = count_pairs(signatures[0], GROUPS, signatures[1])
    chosen = (counted["statistic"] == "bits") & (counted["cutoff"] == 60)
    counted.loc[chosen, "pairs"] = 1_000_000
    counted.loc[chosen, "alike"] = 0
    counted.loc[chosen & (counted["origin"] == "synthetic"), "alike"] = drawn
    counted.loc[chosen & (counted["origin"] == "first half"), "alike"] = 3 * real  # of 3 million
    check = pairs_check(counted, FACTORS).set_index("measure")
    assert check.loc["synthetic, <= 60 bits differ", "ok"] == ok


def test_unlike_signatures_are_noticed(signatures, unguided):
    """Copies of a few agree far too often."""
    real, synthetic = draw(unguided, 2_000, seed=3), draw(unguided, 2_000, seed=4)
    groups = np.arange(2_000).astype(str)
    assert pairs_check(count_pairs(real, groups, synthetic), FACTORS)["ok"].all()
    copies = np.resize(synthetic[:100], synthetic.shape)
    check = pairs_check(count_pairs(real, groups, copies), FACTORS).set_index("measure")
    assert not check.loc["synthetic, score >= 16", "ok"]
    assert check.loc["real and synthetic, score >= 16", "ok"]
