import io

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from rich.progress import Progress

from bench.evaluate import EvaluationSettings, evaluate, evaluation
from bench.evaluate.outputs import TABLES

FAST = EvaluationSettings(n_resamples=200)
ALL_OF_IT = {"n_documents": 10_000, "claims_of": ["tester"]}


SYSTEM = ["variant", "ranking"]
KEYS = {
    "metrics": [*SYSTEM, "transform", "measure", "tie"],
    "by_part": [*SYSTEM, "of", "part", "measure"],
    "gaps": ["variant", "of", "part", "measure"],
    "top": [*SYSTEM, "top", "queries", "measure"],
    "per_query": [*SYSTEM, "query", "measure", "tie"],
    "curves": [*SYSTEM, "half", "cutoff"],
    "comparisons": ["variant_a", "ranking_a", "variant_b", "ranking_b", "measure"],
    "hybrid": ["variant", "band_low", "band_high"],
    "cutoffs": [*SYSTEM, "target"],
    "losses": [*SYSTEM, "transform", "target", "fate"],
    "agreement": ["variant", "ranking_a", "ranking_b", "transform", "measure"],
    "growth": [*SYSTEM, "documents", "target", "rule"],
    "wrong_pairs": [*SYSTEM, "cutoff"],
    "claims": ["variant", "claim", "condition"],
    "unmatched_scores": ["variant", "score"],
}


@pytest.fixture(scope="module")
def two_variants(random_tables):
    """`tester` as drawn; `tester_none` with the same hits and no distance."""
    queries, hits = random_tables(0)
    queries = queries.assign(stratum=queries["group"].str[-1], origin="made")
    none = hits.assign(variant="tester_none", distance=np.nan)
    return queries, pd.concat([hits, none], ignore_index=True), {"tester": 8, "tester_none": 8}


@pytest.fixture(scope="module")
def found(two_variants):
    return evaluate(*two_variants, FAST, **ALL_OF_IT)


def _bytes(evaluation) -> list[bytes]:
    written = []
    for name in TABLES:
        buffer = io.BytesIO()
        getattr(evaluation, name).to_parquet(buffer)
        written.append(buffer.getvalue())
    return written


def _value(evaluation, measure: str, tie: str = "none", **where: str) -> float:
    table = evaluation.metrics
    where = {"variant": "tester", "ranking": "score", "transform": "all"} | where
    for column, wanted in (where | {"measure": measure, "tie": tie}).items():
        table = table[table[column] == wanted]
    (value,) = table["value"]
    return float(value)


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_as_documented(found, name: str) -> None:
    table = getattr(found, name)
    assert list(table.columns) == list(TABLES[name])
    for column, dtype in TABLES[name].items():
        if dtype == "str":
            assert pd.api.types.is_string_dtype(table[column])
        else:
            assert table[column].dtype == dtype
    assert not table.duplicated(KEYS[name]).any()
    assert len(table)


def test_systems_and_transforms_come_in_order(found) -> None:
    systems = found.metrics[["variant", "ranking"]].drop_duplicates().to_numpy().tolist()
    assert systems == [
        ["tester", "score"], ["tester", "distance"], ["tester", "score_then_distance"],
        ["tester", "hybrid"], ["tester_none", "score"],
    ]  # fmt: skip
    of_one = found.metrics[found.metrics["ranking"] == "distance"]
    assert of_one["transform"].unique().tolist() == ["all", "blur", "crop", "jpeg"]
    assert of_one[of_one["transform"] == "all"]["measure"].unique().tolist() == [
        "uAP", "R@P90", "R@P99", "R@P99.9", "threshold@P90", "threshold@P99", "threshold@P99.9",
        "mAP", "recall@1", "recall@10", "candidate_recall@100", "tuned_threshold@P90",
        "tuned_threshold@P99", "tuned_threshold@P99.9", "held_out_precision@P90",
        "held_out_recall@P90", "held_out_precision@P99", "held_out_recall@P99",
        "held_out_precision@P99.9", "held_out_recall@P99.9", "precision@distance<0.45",
        "recall@distance<0.45",
    ]  # fmt: skip


def test_the_order_of_the_rows_changes_no_byte(two_variants, found) -> None:
    queries, candidates, word_counts = two_variants
    again = evaluate(
        queries.sample(frac=1, random_state=1),
        candidates.sample(frac=1, random_state=2),
        word_counts,
        FAST,
        **ALL_OF_IT,
    )
    assert _bytes(again) == _bytes(found)


def test_processes_change_no_byte(two_variants, found, monkeypatch) -> None:
    monkeypatch.setattr(evaluation, "WORTH_A_PROCESS", 0)
    assert _bytes(evaluate(*two_variants, FAST, **ALL_OF_IT)) == _bytes(found)


def test_categories_change_nothing(two_variants, found) -> None:
    queries, candidates, word_counts = two_variants
    as_categories = {"variant": "category", "relation": "category"}
    again = evaluate(
        queries.astype({"transform": "category", "half": "category"}),
        candidates.astype(as_categories),
        word_counts,
        FAST,
        **ALL_OF_IT,
    )
    assert _bytes(again) == _bytes(found)


def test_ignored_pairs_change_nothing(two_variants, found) -> None:
    queries, candidates, word_counts = two_variants
    kept = candidates[candidates["relation"] != "ignored"]
    assert len(kept) < len(candidates)
    assert _bytes(evaluate(queries, kept, word_counts, FAST, **ALL_OF_IT)) == _bytes(found)


def test_a_failed_query_is_a_miss(random_tables) -> None:
    queries, candidates = random_tables(3)
    before = evaluate(queries, candidates, {"tester": 8}, FAST)
    lost = candidates.loc[candidates["relation"] == "right", "query"].iloc[0]
    failed = queries.assign(status=queries["status"].where(queries["query"] != lost, "failed"))
    after = evaluate(failed, candidates[candidates["query"] != lost], {"tester": 8}, FAST)
    n_right = queries["in_database"].sum()
    change = _value(before, "candidate_recall@100") - _value(after, "candidate_recall@100")
    assert change == pytest.approx(1 / n_right)
    per_query = after.per_query[after.per_query["query"] == lost]
    assert len(per_query)
    assert (per_query["value"] == 0).all()
    counted = [run.metrics[["measure", "transform", "n"]] for run in (before, after)]
    pd.testing.assert_frame_equal(*counted)


@pytest.mark.parametrize("ranking", ["score", "distance"])
@pytest.mark.parametrize("measure", ["uAP", "mAP", "recall@1", "recall@10"])
def test_pessimistic_expected_and_optimistic_are_in_order(found, measure, ranking) -> None:
    table = found.metrics[found.metrics["ranking"] == ranking].query("measure == @measure")
    wide = table.pivot_table(
        index=["variant", "transform"], columns="tie", values=["value", "low", "high"]
    )
    for column in ("value", "low", "high"):
        ordered = wide[column][["pessimistic", "expected", "optimistic"]].to_numpy()
        assert (np.diff(ordered, axis=1) >= 0).all()


def test_intervals_hold_their_value(found) -> None:
    table = found.metrics[found.metrics["interval"] != "none"]
    assert (table["low"] <= table["value"] + 1e-12).all()
    assert (table["value"] <= table["high"] + 1e-12).all()
    assert {"bootstrap"} <= set(table["interval"])


def test_means_are_the_means_of_the_values_per_query(found) -> None:
    means = found.per_query.groupby(["variant", "ranking", "measure", "tie"])["value"].mean()
    for (variant, ranking, measure, tie), mean in means.items():
        name = "mAP" if measure == "AP" else measure
        value = _value(found, name, tie, variant=variant, ranking=ranking)
        assert value == pytest.approx(mean)


def test_transforms_are_measured_as_if_alone(two_variants, found) -> None:
    queries, candidates, word_counts = two_variants
    chosen = queries[queries["transform"] == "crop"]
    alone = evaluate(
        chosen, candidates[candidates["query"].isin(chosen["query"])], word_counts, FAST
    )
    for measure, tie in (("uAP", "expected"), ("R@P90", "none"), ("recall@1", "pessimistic")):
        expected = _value(alone, measure, tie)
        assert _value(found, measure, tie, transform="crop") == pytest.approx(expected)


def test_curves_meet_the_measures(found) -> None:
    curve = found.curves.query("variant == 'tester' and ranking == 'distance' and half == 'all'")
    at = curve[curve["cutoff"] == 0.45].iloc[0]
    precision = _value(found, "precision@distance<0.45", ranking="distance")
    assert at["precision"] == pytest.approx(precision)
    assert at["recall"] == _value(found, "recall@distance<0.45", ranking="distance")
    parts = found.curves.pivot_table(
        index=["variant", "ranking", "cutoff"], columns="half", values=["tp", "fp", "n_right"]
    )
    for column in ("tp", "fp", "n_right"):
        both = parts[column]["tune"] + parts[column]["report"]
        assert (parts[column]["all"] == both).all()


def test_the_same_hits_do_not_differ(found) -> None:
    same = found.comparisons.query("variant_a == 'tester_none' and ranking_b == 'score'")
    assert len(same)
    assert (same[["difference", "low", "high"]] == 0).all(axis=None)


def test_query_settings_come_first(random_tables) -> None:
    queries, candidates = random_tables(5)
    settings = EvaluationSettings(n_resamples=50, score_cutoff=3, distance_cutoff=0.6)
    found = evaluate(queries, candidates, {"tester": 8}, settings)
    kept = candidates.query("score >= 3 and distance < 0.6")
    expected = evaluate(queries, kept, {"tester": 8}, EvaluationSettings(n_resamples=50))
    for measure, tie in (("uAP", "expected"), ("R@P90", "none"), ("mAP", "expected")):
        assert _value(found, measure, tie) == _value(expected, measure, tie)
    pd.testing.assert_frame_equal(found.curves, expected.curves)
    recall = (candidates["relation"] == "right").sum() / queries["in_database"].sum()
    assert _value(found, "candidate_recall@100") == pytest.approx(recall)


def test_wrong_pairs_are_of_the_whole_index_whatever_the_cutoffs(
    make_queries, make_candidates
) -> None:
    queries = make_queries([{"in_database": False}] * 6)
    candidates = make_candidates({query: [(18, 0.4, "wrong")] for query in range(6)})
    settings = EvaluationSettings(n_resamples=50, score_cutoff=20, distance_cutoff=0.3)
    found = evaluate(queries, candidates, {"tester": 63}, settings, n_documents=10_000)
    table = found.wrong_pairs.query("ranking == 'score'").set_index("cutoff")
    assert table["wrong_pairs"][[18, 19]].tolist() == [6, 0]
    assert table["rate"][18] == 6 / 60_000
    assert (table["incomplete"] == 0).all()


def test_a_variant_that_found_nothing_is_not_missing(random_tables) -> None:
    queries, candidates = random_tables(6)
    found = evaluate(queries, candidates, {"tester": 8, "empty": 16}, FAST)
    for ranking in ("score", "distance"):
        where = {"variant": "empty", "ranking": ranking}
        assert _value(found, "uAP", "expected", **where) == 0
        assert _value(found, "candidate_recall@100", **where) == 0
    assert len(found.curves.query("variant == 'empty' and ranking == 'score'")) == 3 * 16


def test_no_match_queries_alone_give_defined_tables(make_queries, make_candidates) -> None:
    queries = make_queries([{"in_database": False}, {"in_database": False, "half": "report"}])
    candidates = make_candidates({0: [(5, 0.4, "wrong")]})
    found = evaluate(queries, candidates, {"tester": 8}, FAST)
    assert np.isnan(_value(found, "uAP", "expected"))
    assert _value(found, "precision@distance<0.45", ranking="distance") == 0
    assert found.per_query.empty
    assert found.curves["fp"].max() == 1


def test_one_half_alone_holds_nothing_out(make_queries, make_candidates) -> None:
    found = evaluate(
        make_queries([{}, {}]), make_candidates({0: [(5, 0.4, "right")]}), {"tester": 8}, FAST
    )
    assert _value(found, "tuned_threshold@P90") == 5
    row = found.metrics.query("measure == 'held_out_recall@P90' and transform == 'all'").iloc[0]
    assert np.isnan(row["value"])
    assert row["n"] == 0


def test_progress_counts_the_systems(two_variants) -> None:
    progress = Progress(console=Console(file=io.StringIO()))
    with progress:
        evaluate(*two_variants, EvaluationSettings(n_resamples=5), progress)
    (task,) = progress.tasks
    assert task.completed == task.total == 5  # four rankings and one


def test_all_rankings_of_one_order_agree(random_tables) -> None:
    """Where score and distance order alike, every ranking is as good."""
    queries, candidates = random_tables(8)
    distance = 1 - candidates["score"] / 10
    alike = candidates.assign(distance=distance, sign_distance=distance)
    found = evaluate(queries, alike, {"tester": 8}, FAST)
    rows = found.metrics.query("transform == 'all' and measure in ['uAP', 'R@P90', 'mAP']")
    values = rows.pivot_table(index=["measure", "tie"], columns="ranking", values="value")
    assert set(values.columns) == {
        "score", "distance", "sign_distance", "score_then_distance", "score_then_sign", "hybrid",
    }  # fmt: skip
    assert values.sub(values["score"], axis=0).abs().to_numpy().max() < 1e-12


def test_the_hybrid_ranking_is_that_of_the_chosen_band(found) -> None:
    (band,) = found.hybrid[found.hybrid["chosen"]].itertuples()
    assert band.variant == "tester"
    curve = found.curves.query("ranking == 'hybrid' and half == 'report' and cutoff == 1.0")
    score = found.curves.query(
        "variant == 'tester' and ranking == 'score' and half == 'report' and cutoff == 1.0"
    )
    if band.band_low > 1:
        assert curve[["tp", "fp"]].to_numpy().tolist() == score[["tp", "fp"]].to_numpy().tolist()
    rows = found.hybrid.query("chosen")
    assert rows["within_margin"].all()


def test_several_right_answers(make_queries, make_candidates) -> None:
    queries = make_queries([{"n_right": 2}, {"n_right": 1, "half": "report"}])
    answers = {0: [(9, 0.1, "right"), (8, 0.2, "right")], 1: [(7, 0.3, "wrong")]}
    found = evaluate(queries, make_candidates(answers), {"tester": 9}, FAST)
    assert _value(found, "uAP", "expected") == pytest.approx(2 / 3)
    assert _value(found, "recall@1", "expected") == pytest.approx((1 / 2 + 0) / 2)
    assert found.curves.query("half == 'all'")["n_right"].unique().tolist() == [3]
