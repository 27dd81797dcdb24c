import math

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.estimates import threshold
from bench.evaluate.growth import (
    collection_sizes,
    cut_database,
    growth,
    last_scores,
    may_lack_pairs,
)
from bench.evaluate.held_out import split_resamples
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import DISTANCE, SCORE, SCORE_THEN_DISTANCE, hybrid_ranking
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings

ASKED = EvaluationSettings(n_candidates=8, n_resamples=50, precisions=(0.5, 0.9))


def _read(queries, candidates):
    table = check_queries(queries)
    return read_queries(table), check_candidates(candidates, table, {"tester": 8}, ASKED)


def test_sizes_are_steps_of_1_2_5_and_all() -> None:
    assert collection_sizes(700) == [700]
    assert collection_sizes(1000) == [1000]
    assert collection_sizes(6000) == [1000, 2000, 5000, 6000]
    assert collection_sizes(10**9)[-3:] == [2 * 10**8, 5 * 10**8, 10**9]


def test_a_cut_database_keeps_right_answers_and_renumbers_places(
    make_queries, make_candidates
) -> None:
    _, checked = _read(
        make_queries([{}, {}]),
        make_candidates({0: [(5, 0.2, "wrong"), (4, 0.3, "wrong")], 1: [(5, 0.1, "wrong")] * 2
                         + [(4, 0.2, "right")]}),
    )  # fmt: skip
    # Documents are numbered 0, 1 and 100, 101, 102.
    kept = cut_database(checked, 101)
    assert kept["doc"].tolist() == [0, 1, 100, 102]
    assert kept["rank"].tolist() == [0, 1, 0, 1]
    assert cut_database(checked, 1)["doc"].tolist() == [0, 102]


def test_only_full_lists_may_lack_documents(make_queries, make_candidates) -> None:
    full = [(6, 0.2, "wrong")] * 6 + [(4, 0.3, "ignored")] * 2
    queries, checked = _read(
        make_queries([{}, {}, {}]), make_candidates({0: full, 1: [(3, 0.2, "wrong")]})
    )
    last = last_scores(checked, len(queries), 8)
    assert last.tolist() == [4, 0, 0]
    lacking = {
        "score above": may_lack_pairs(SCORE, 5.0, last),
        "score at": may_lack_pairs(SCORE, 4.0, last),
        "distance": may_lack_pairs(DISTANCE, 0.1, last),
        "none": may_lack_pairs(DISTANCE, math.nan, last),
        "then above": may_lack_pairs(SCORE_THEN_DISTANCE, 4.1, last),
        "then at": may_lack_pairs(SCORE_THEN_DISTANCE, 4.0, last),
        "hybrid in its band": may_lack_pairs(hybrid_ranking(3, 7), 6.0, last),
        "hybrid above": may_lack_pairs(hybrid_ranking(3, 7), 7.0, last),
    }
    assert {name: bool(found[0]) for name, found in lacking.items()} == {
        "score above": False,
        "score at": True,
        "distance": True,
        "none": False,
        "then above": False,
        "then at": True,
        "hybrid in its band": True,
        "hybrid above": False,
    }
    assert not any(found[1:].any() for found in lacking.values())


@pytest.fixture(scope="module")
def grown(make_queries):
    """120 queries with a right answer; 2,000 documents, each with a random score and distance."""
    random = np.random.default_rng(4)
    rows = []
    for query in range(120):
        scores = np.minimum(random.geometric(0.5, 2000), 8)
        wrong = pd.DataFrame({"doc": np.arange(2000), "score": scores, "relation": "wrong"})
        wrong.loc[query, ["score", "relation"]] = [int(random.integers(5, 9)), "right"]
        best = wrong.sort_values("score", ascending=False, kind="stable").head(100)
        rows.append(best.assign(query=query, rank=np.arange(100)))
    candidates = pd.concat(rows).assign(variant="tester")
    candidates["distance"] = 1 - candidates["score"] / 10
    queries = make_queries([{"half": "tune" if i % 2 else "report"} for i in range(120)])
    asked = EvaluationSettings(n_candidates=100, n_resamples=50, precisions=(0.3, 0.9))
    table = check_queries(queries)
    checked = check_candidates(candidates, table, {"tester": 8}, asked)
    run = read_queries(table)
    weights = draw_groups(run.n_groups, 50, 0)
    drawn = split_resamples(weights, run, 0)
    found = growth(
        checked, run, [SCORE, hybrid_ranking(3, 6)], [20, 200, 2000], weights, drawn, asked
    )
    return run, checked, asked, weights, pd.DataFrame(found)


def test_all_documents_are_the_evaluation_itself(grown) -> None:
    run, checked, asked, weights, table = grown
    hits = select_hits(checked, len(run), asked)
    tune = take_sample(hits, SCORE, run, run.halves["tune"], weights)
    last = table.query("ranking == 'score' and documents == 2000 and rule == 'own'")
    expected = [threshold(tune, each) for each in asked.precision_labels.values()]
    assert last["cutoff"].tolist() == pytest.approx(expected, nan_ok=True)


def test_a_kept_cutoff_lets_more_through_as_the_collection_grows(grown) -> None:
    *_, table = grown
    of_score = table.query("ranking == 'score' and rule == 'fixed' and target == 'P30'")
    assert of_score["documents"].tolist() == [20, 200, 2000]
    assert len(set(of_score["cutoff"])) == 1
    assert (of_score["precision"].diff().dropna() < 0).all()
    assert len(set(of_score["recall"])) == 1  # right answers stay
    own = table.query("ranking == 'score' and rule == 'own' and target == 'P30'")
    assert (own["cutoff"].diff().dropna() >= 0).all()
    assert own["cutoff"].iloc[0] == of_score["cutoff"].iloc[0]


def test_wrong_pairs_grow_with_the_documents(grown) -> None:
    run, checked, asked, *_ = grown
    wrong = {
        size: int((~select_hits(cut_database(checked, size), len(run), asked).right).sum())
        for size in (200, 1000)
    }
    # The documents are alike, so a fifth of them has a fifth of the pairs: 100 ± 5 % of 2,200.
    assert wrong[1000] == pytest.approx(5 * wrong[200], rel=0.1)


def test_every_ranking_size_precision_and_rule_has_a_row(grown) -> None:
    run, *_, table = grown
    assert len(table) == 2 * 3 * 2 * 2
    assert table["ranking"].unique().tolist() == ["score", "hybrid"]
    assert (table["queries"] == run.halves["report"].sum()).all()
    assert (table["incomplete"] <= table["queries"]).all()
    known = table.dropna(subset=["precision", "precision_low"])
    assert (known["precision_low"] <= known["precision"] + 1e-12).all()
    assert (known["precision"] <= known["precision_high"] + 1e-12).all()
