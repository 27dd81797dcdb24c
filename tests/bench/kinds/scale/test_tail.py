"""Tails of wrong pairs: what is counted, fitted and predicted."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scale.config import Scale, Tail
from bench.kinds.scale.search_page import _tail_sentences
from bench.kinds.scale.tail import FITTED, TESTED, tail_tables, unrelated_pairs
from bench.signing.sign import Signed

TAIL = Tail(pairs=100)


def counted(*scores: np.ndarray) -> pd.DataFrame:
    """Pairs of both halves with these scores."""
    parts = [
        pd.DataFrame({"source": "words", "part": part, "score": own}).value_counts(sort=False)
        for part, own in zip((FITTED, TESTED), scores, strict=True)
    ]
    return pd.concat(parts).rename("pairs").reset_index()


def test_a_tail_of_one_factor_is_found_and_predicted():
    rng = np.random.default_rng(0)
    scores = [rng.geometric(0.5, 400_000) - 1 for _ in range(2)]
    tables = tail_tables(TAIL, counted(*scores))
    fits = tables["tails"].set_index("model")
    assert fits.loc["geometric", "a"] == pytest.approx(0.5, abs=0.05)
    own = tables["tail"][tables["tail"]["model"] == "geometric"].iloc[0]
    assert own["fitted_pairs"] >= 100
    assert own["foretold_pairs"] == pytest.approx(own["tested_pairs"], rel=0.3)
    assert not own["extrapolated"]
    last = tables["tail"][tables["tail"]["model"] == "geometric"].iloc[-1]
    assert last["extrapolated"] == (last["fitted_pairs"] == 0)


def test_where_queries_differ_the_heavier_tail_is_better():
    rng = np.random.default_rng(0)
    # Most pairs end at once, a few hardly ever, as where some queries are plainer than others.
    scores = [
        np.concatenate([rng.geometric(0.6, 300_000), rng.geometric(0.1, 2_000)]) - 1
        for _ in range(2)
    ]
    tables = tail_tables(Tail(pairs=20_000), counted(*scores))
    fits = tables["tails"].set_index("model")
    assert fits["better"].to_dict() == {"geometric": False, "beta-geometric": True}
    tail = tables["tail"].set_index(["model", "score"])
    counted_so = tail.loc["geometric"]["tested_pairs"]
    far = int(counted_so.index[counted_so >= 20].max())
    real = counted_so[far]
    off = {
        model: abs(np.log(tail.loc[(model, far), "foretold_pairs"] / real))
        for model in ("geometric", "beta-geometric")
    }
    assert off["beta-geometric"] < off["geometric"]


def test_too_few_pairs_have_no_tail():
    few = counted(np.array([1, 2, 3]), np.array([1, 2]))
    tables = tail_tables(TAIL, few)
    assert tables["tails"].empty
    assert tables["tail"].empty
    assert _tail_sentences(tables["tails"], tables["tail"]) == []  # the page of such a run


def test_where_many_have_the_largest_score_there_is_no_tail():
    equal = counted(np.repeat([0, 63], 500), np.repeat([0, 63], 500))
    assert tail_tables(TAIL, equal)["tails"].empty


def test_every_pair_of_two_scenes_is_counted_once(signatures):
    scale = Scale.model_validate(
        {
            "kind": "scale",
            "name": "tails",
            "variants": [
                {"name": "words", "codec": {"id": "none"}},
                {"name": "bits", "codec": {"id": "none"}, "layout": "vector_sign_flat"},
            ],
            "sizes": [100, 200, 300, 400, 500],
        }
    )
    groups = [f"scene-{number // 3}" for number in range(60)]
    documents = pd.DataFrame({"doc": np.arange(60), "group": groups})
    database = signatures[:60].copy()
    database[59] = 0
    signed = Signed(documents, pd.DataFrame(), database, signatures[:0], {})
    table = unrelated_pairs(scale, TAIL, signed, lambda done: None)
    in_all = 59 * 58 // 2 - 19 * 3 - 1  # without the plain one
    assert table.groupby("source")["pairs"].sum().to_dict() == {"63x16": in_all, "272 bits": in_all}
    of_parts = table.groupby(["source", "part"])["pairs"].sum()
    whole, short = 30 * 29 // 2 - 10 * 3, 29 * 28 // 2 - 9 * 3 - 1
    assert of_parts["272 bits"].drop("between").sort_values().to_list() == [short, whole]
    assert of_parts["272 bits", "between"] == 30 * 29
