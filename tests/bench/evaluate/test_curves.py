import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.bootstrap import draw_groups, wilson_interval
from bench.evaluate.curves import curve, kept_by_group
from bench.evaluate.estimates import cutoff_measures
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import RANKINGS, SCORE, Ranking
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.settings import EvaluationSettings

rankings = pytest.mark.parametrize("ranking", RANKINGS.values(), ids=list(RANKINGS))


@rankings
@given(
    values=st.lists(st.sampled_from([0.0, 0.005, 0.3, 0.45, 1.0, 2.0, 7.0, 8.0]), max_size=30),
)
def test_counts_follow_the_cutoff_rule(ranking: Ranking, values: list[float]) -> None:
    cutoffs = ranking.cutoffs(8)
    column = np.array(values, dtype=float)
    group = np.arange(len(values)) % 3
    found = kept_by_group(column, group, 3, ranking, cutoffs)
    for own in range(3):
        expected = [ranking.keeps(column[group == own], cutoff).sum() for cutoff in cutoffs]
        assert found[own].tolist() == expected


@pytest.fixture
def sample(make_queries, make_candidates) -> Sample:
    settings = EvaluationSettings()
    table = check_queries(
        make_queries([{}, {"in_database": False}, {"status": "failed"}, {"half": "report"}])
    )
    answers = {
        0: [(3, 0.2, "right"), (2, 0.5, "wrong"), (1, 0.1, "ignored")],
        1: [(2, 0.6, "wrong")],
        3: [(4, 0.6, "wrong")],
    }
    candidates = check_candidates(make_candidates(answers), table, {"tester": 4}, settings)
    queries = read_queries(table)
    hits = select_hits(candidates, len(queries), settings)
    weights = draw_groups(queries.n_groups, 2000, 0)
    return take_sample(hits, SCORE, queries, queries.halves["tune"], weights)


def test_a_curve_by_hand(sample: Sample) -> None:
    found = curve(sample, SCORE.cutoffs(4), 0.95)
    assert found["tp"].tolist() == [1, 1, 1, 0]
    assert found["fp"].tolist() == [2, 2, 0, 0]
    assert found["n_right"].tolist() == [2] * 4
    np.testing.assert_allclose(found["precision"], [1 / 3, 1 / 3, 1, np.nan])
    np.testing.assert_allclose(found["recall"], [0.5, 0.5, 0.5, 0])


def test_points_of_0_and_1_have_the_interval_of_their_groups(sample: Sample) -> None:
    found = curve(sample, SCORE.cutoffs(4), 0.95)
    assert (found["precision_low"][2], found["precision_high"][2]) == wilson_interval(1, 1, 0.95)
    assert (found["recall_low"][3], found["recall_high"][3]) == wilson_interval(0, 2, 0.95)
    assert np.isnan([found["precision_low"][3], found["precision_high"][3]]).all()


@rankings
def test_intervals_are_those_of_each_cutoff_alone(random_tables, ranking: Ranking) -> None:
    settings = EvaluationSettings()
    queries, candidates = random_tables(2)
    table = check_queries(queries)
    run = read_queries(table)
    rows = check_candidates(
        candidates.assign(sign_distance=candidates["distance"]), table, {"tester": 8}, settings
    )
    hits = select_hits(rows, len(run), settings)
    weights = draw_groups(run.n_groups, 300, 0)
    sample = take_sample(hits, ranking, run, run.halves["all"], weights)
    cutoffs = ranking.cutoffs(8)
    found = curve(sample, cutoffs, 0.9)
    n_bootstrapped = 0
    for place, cutoff in enumerate(cutoffs):
        for estimate in cutoff_measures(sample, ("precision", "recall"), float(cutoff)):
            low, high, kind = estimate.interval(0.9)
            n_bootstrapped += kind == "bootstrap"
            own = [found[f"{estimate.measure}{end}"][place] for end in ("", "_low", "_high")]
            np.testing.assert_allclose(own, [estimate.value, low, high])
    assert n_bootstrapped > 10
