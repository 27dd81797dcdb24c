import numpy as np
import pandas as pd
import pytest

from bench.evaluate import EvaluationSettings, evaluate
from bench.evaluate.parts import ALIKE

ASKED = EvaluationSettings(n_resamples=80)


@pytest.fixture(scope="module")
def found(random_tables):
    queries, candidates = random_tables(2)
    scene = queries["group"].str[1:].astype(int)
    queries = queries.assign(
        stratum=np.where(scene % 3 == 0, "objects", "photographs"),
        origin="made",
        texture_decile=scene % 4,
    )
    return queries, candidates, evaluate(queries, candidates, {"tester": 8}, ASKED)


def _value(table: pd.DataFrame, **where):
    for column, wanted in ({"measure": "uAP", "tie": "expected"} | where).items():
        table = table[table[column] == wanted]
    return table.squeeze()


def test_a_part_is_measured_as_if_it_were_all(found) -> None:
    queries, candidates, tables = found
    own = queries[queries["stratum"] == "objects"]
    alone = evaluate(own, candidates[candidates["query"].isin(own["query"])], {"tester": 8}, ASKED)
    for ranking in ("score", "distance"):
        expected = _value(alone.metrics, ranking=ranking, transform="all")
        got = _value(tables.by_part, ranking=ranking, of="stratum", part="objects")
        assert (got["value"], got["n"]) == (expected["value"], expected["n"])
        assert got["effective_scenes"] == expected["effective_scenes"] > 1


def test_strata_that_count_alike_are_their_mean(found) -> None:
    rows = found[2].by_part.query("of == 'stratum' and ranking == 'score' and measure == 'uAP'")
    by_part = rows.set_index("part")["value"]
    assert by_part[ALIKE] == pytest.approx(by_part.drop(ALIKE).mean())


def test_parts_are_those_that_tell_queries_apart(found) -> None:
    parts = found[2].by_part.groupby("of", sort=False)["part"].unique()
    assert parts["stratum"].tolist() == ["objects", "photographs", ALIKE]
    assert parts["texture"].tolist() == ["1", "2", "3"]  # of 0 the texture is not known
    assert set(parts.index) == {"stratum", "texture"}  # all were made here


def test_gaps_are_the_differences_of_the_parts(found) -> None:
    by_part, gaps = found[2].by_part, found[2].gaps
    keys = ["of", "part", "measure", "tie"]
    values = by_part.set_index(["ranking", *keys])["value"]
    own = gaps[gaps["of"] != "edit"].set_index(keys)["difference"]
    pd.testing.assert_series_equal(
        own, (values["distance"] - values["score"]).loc[own.index], check_names=False
    )
    assert set(gaps.loc[gaps["of"] == "edit", "part"]) == {"jpeg", "crop", "blur"}
    inside = gaps.dropna(subset=["low"])
    assert (inside["low"] <= inside["high"]).all()


def test_no_gap_where_there_is_no_distance(random_tables) -> None:
    queries, candidates = random_tables(2)
    tables = evaluate(queries, candidates.assign(distance=np.nan), {"tester": 8}, ASKED)
    assert tables.gaps.empty
    assert tables.by_part.empty
