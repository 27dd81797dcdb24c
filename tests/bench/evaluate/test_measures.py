"""Each measure is one declaration; what is shown where is derived from these."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.evaluate import measures
from bench.evaluate.estimates import pooled_measures, values_per_query
from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import ALL, check_queries, read_queries
from bench.evaluate.rankings import SCORE
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings

HEADLINES = {
    measures.SUMMARY: (
        "uAP",
        "R@P90",
        "recall@1",
        "held_out_recall@P90",
        "held_out_precision@P90",
    ),
    measures.SENTENCE: ("uAP", "R@P90"),
    measures.DIFFERENCES: ("uAP", "R@P90", "recall@1"),
    measures.LAYOUT_TABLE: ("uAP", "recall@1"),
    measures.BANDS: ("uAP", "R@P90"),
    measures.WORDS: ("uAP", "R@P90", "recall@1"),
    measures.NOTEBOOKS: ("uAP", "R@P90", "R@P99", "recall@1"),
}


@pytest.mark.parametrize("where", HEADLINES)
def test_headlines_are_in_the_order_of_the_declarations(where) -> None:
    assert measures.headlines(where) == HEADLINES[where]


def test_no_two_measures_share_a_name() -> None:
    assert len({each.name for each in measures.MEASURES}) == len(measures.MEASURES)


def test_what_stands_in_a_sentence_has_words() -> None:
    for each in measures.MEASURES:
        if measures.SENTENCE in each.shown:
            assert each.words
            assert each.higher_is_better  # as the sentences say "better" of what is larger


def test_what_is_in_the_summary_is_explained() -> None:
    for each in measures.MEASURES:
        assert each.for_readers or measures.SUMMARY not in each.shown


def test_runs_ask_for_what_is_declared() -> None:
    asked = EvaluationSettings()
    assert asked.precisions == (0.9, 0.99, 0.999)
    assert asked.recall_ranks == (1, 10)
    assert asked.precision_labels == {"P90": 900, "P99": 990, "P99.9": 999}


def test_a_declaration_is_all_that_a_measure_takes(make_queries, monkeypatch) -> None:
    more = (
        replace(measures.recall_at_precision(0.95), shown=(measures.SUMMARY,)),
        measures.recall_at_rank(3),
        measures.Measure("n", "right answers", of_pool=lambda counts, _: {"none": counts.n_right}),
    )
    monkeypatch.setattr(measures, "MEASURES", measures.MEASURES + more)
    assert measures.headlines(measures.SUMMARY)[-1] == "R@P95"
    asked = EvaluationSettings(
        precisions=measures.precisions(), recall_ranks=measures.ranks(), n_resamples=5
    )
    run = read_queries(check_queries(make_queries([{}, {}])))
    score = {"score": np.array([3.0, 2.0, 1.0])}
    right = np.array([True, False, True])
    hits = hits_from_arrays(np.array([0, 0, 1]), right, score, len(run))
    weights = np.ones((5, run.n_groups), dtype=np.int16)
    found = pooled_measures(take_sample(hits, SCORE, run, run.halves[ALL], weights), asked)
    values = {each.measure: each.value for each in found}
    assert values["R@P95"] == 0.5
    assert values["n"] == 2
    assert values["threshold@P95"] == 3
    assert ("recall@3", "expected") in values_per_query(hits, SCORE, run, asked)


def test_names_stand_in_their_declaration_only() -> None:
    room = Path(measures.__file__).parents[1]
    name = re.compile(r"""["']([\w.]*@P\d[^"']*|uAP|mAP|recall@\d+|candidate_recall@[^"']*)["']""")
    for file in room.rglob("*.py"):
        if file != Path(measures.__file__):
            assert not name.findall(file.read_text(encoding="utf-8")), file
