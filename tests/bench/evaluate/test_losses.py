import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.evaluate.hits import Hits, select_hits
from bench.evaluate.inputs import Queries, check_candidates, check_queries, read_queries
from bench.evaluate.losses import NO_CUTOFF, fates_by_query, losses
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.settings import EvaluationSettings


def _read(
    queries: pd.DataFrame, candidates: pd.DataFrame, asked: EvaluationSettings | None = None
) -> tuple[Queries, Hits]:
    asked = asked or EvaluationSettings()
    table = check_queries(queries)
    checked = check_candidates(candidates, table, {"tester": 8}, asked)
    return read_queries(table), select_hits(checked, len(table), asked)


@pytest.fixture(scope="module")
def by_hand(make_queries, make_candidates) -> tuple[Queries, Hits]:
    """One query for each fate; cutoff: a score of 4, a distance below 0.5."""
    rows = [
        {"transform": "jpeg"},  # 0: first
        {"transform": "jpeg"},  # 1: tied by score with two wrong ones, first by distance
        {"transform": "crop"},  # 2: outranked
        {"transform": "crop"},  # 3: below the cutoff
        {"transform": "crop"},  # 4: not among the candidates
        {"transform": "crop", "status": "failed"},  # 5
        {"transform": "crop", "in_database": False},  # 6: not counted
    ]
    queries = make_queries([{"half": "report", **row} for row in rows] + [{"half": "tune"}])
    hits = {
        0: [(8, 0.1, "right"), (7, 0.2, "wrong")],
        1: [(5, 0.2, "right"), (5, 0.3, "wrong"), (5, 0.4, "wrong")],
        2: [(8, 0.1, "wrong"), (5, 0.2, "right")],
        3: [(3, 0.6, "right")],
        4: [(8, 0.1, "wrong")],
        6: [(8, 0.1, "wrong")],
        7: [(8, 0.1, "right")],
    }
    return _read(queries, make_candidates(hits))


def _shares(rows, **where) -> dict[str, float]:
    chosen = [row for row in rows if all(row[key] == value for key, value in where.items())]
    assert [row["fate"] for row in chosen] == [
        *("first", "outranked", "below_cutoff", "not_candidate", "not_signed")
    ]
    return {row["fate"]: row["share"] for row in chosen}


def test_fates_by_hand(by_hand) -> None:
    queries, hits = by_hand
    rows = losses(hits, SCORE, queries, {"P90": 4.0}, 0.95)
    found = _shares(rows, transform="all", target="P90")
    expected = [(1 + 1 / 3) / 6, (2 / 3 + 1) / 6, 1 / 6, 1 / 6, 1 / 6]
    assert list(found.values()) == pytest.approx(expected)
    jpeg = _shares(rows, transform="jpeg", target="P90")
    assert list(jpeg.values()) == pytest.approx([2 / 3, 1 / 3, 0, 0, 0])
    assert {row["n"] for row in rows if row["transform"] == "all"} == {6}


def test_another_ranking_loses_elsewhere(by_hand) -> None:
    queries, hits = by_hand
    found = _shares(
        losses(hits, DISTANCE, queries, {"P90": 0.5}, 0.95), transform="all", target="P90"
    )
    assert list(found.values()) == pytest.approx([2 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])


@pytest.mark.parametrize("ranking", [SCORE, DISTANCE])
def test_without_a_cutoff_nothing_is_below_it(by_hand, ranking) -> None:
    queries, hits = by_hand
    rows = losses(hits, ranking, queries, {}, 0.95)
    found = _shares(rows, transform="all", target=NO_CUTOFF)
    assert found["below_cutoff"] == 0
    assert found["first"] + found["outranked"] == pytest.approx(4 / 6)


def test_where_no_cutoff_exists_all_candidates_are_lost_to_it(by_hand) -> None:
    queries, hits = by_hand
    rows = losses(hits, SCORE, queries, {"P99": math.nan}, 0.95)
    found = _shares(rows, transform="all", target="P99")
    assert list(found.values()) == pytest.approx([0, 0, 4 / 6, 1 / 6, 1 / 6])


def test_query_settings_drop_right_answers_as_a_cutoff_does(make_queries, make_candidates) -> None:
    queries, hits = _read(
        make_queries([{"half": "report"}]),
        make_candidates({0: [(5, 0.2, "right")]}),
        EvaluationSettings(score_cutoff=6),
    )
    found = fates_by_query(hits, SCORE, queries, 1.0)
    assert {fate: each.tolist() for fate, each in found.items() if each.any()} == {
        "below_cutoff": [1.0]
    }


def test_each_of_several_right_answers_has_a_fate(make_queries, make_candidates) -> None:
    queries, hits = _read(
        make_queries([{"half": "report", "n_right": 4}]),
        make_candidates(
            {0: [(8, 0.1, "right"), (7, 0.2, "wrong"), (7, 0.3, "right"), (2, 0.9, "right")]}
        ),
    )
    found = fates_by_query(hits, SCORE, queries, 5.0)
    assert [each.tolist() for each in found.values()] == [[1.5], [0.5], [1.0], [1.0], [0.0]]


def test_a_transform_without_right_answers_has_no_share(make_queries, make_candidates) -> None:
    queries, hits = _read(
        make_queries([{"half": "report", "in_database": False}]),
        make_candidates({0: [(5, 0.2, "wrong")]}),
    )
    rows = losses(hits, SCORE, queries, {}, 0.95)
    assert {row["n"] for row in rows} == {0}
    assert all(np.isnan([row["share"], row["low"], row["high"]]).all() for row in rows)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000), cutoff=st.integers(0, 9))
def test_shares_sum_to_one(random_tables, seed: int, cutoff: int) -> None:
    queries, hits = _read(*random_tables(seed, 40, 8))
    for ranking, at in ((SCORE, float(cutoff)), (DISTANCE, cutoff / 10)):
        rows = pd.DataFrame(losses(hits, ranking, queries, {"P90": at}, 0.95))
        of_each = rows[rows["n"] > 0].groupby(["transform", "target"])
        assert of_each["share"].sum().to_numpy() == pytest.approx(1)
        assert (rows["count"] >= 0).all()
        known = rows.dropna()
        assert ((known["low"] <= known["share"]) & (known["share"] <= known["high"])).all()
        kept = ranking.keeps(hits.by_ranking[ranking.name], at) & hits.right
        report = queries.halves["report"]
        found = rows[(rows["transform"] == "all") & (rows["target"] == "P90")].set_index("fate")
        assert found.loc[["first", "outranked"], "count"].sum() == pytest.approx(
            report[hits.query[kept]].sum()
        )
