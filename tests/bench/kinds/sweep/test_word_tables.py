from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.settings import EvaluationSettings
from bench.kinds.sweep.word_tables import (
    WordSettings,
    right_pairs,
    unrelated_pairs,
    word_tables,
)
from bench.kinds.sweep.words import choose_words
from bench.signing.sign import Signed
from imgsig import WordScheme

REFERENCE = WordScheme(N=20, k=8)
EVALUATION = EvaluationSettings(precisions=(0.9,), recall_ranks=(1,), n_resamples=100)
WORDS = WordSettings(counts=(4, 12), unrelated=400, seed=3)


@pytest.fixture(scope="module")
def pictures(signatures) -> Signed:
    """29 pictures in the database; the nine damaged copies of each are queries."""
    scenes = [f"scene{i:02d}" for i in range(29)]
    documents = pd.DataFrame({"doc": np.arange(29), "original": scenes, "photo": scenes})
    documents = documents.assign(group=scenes, left=-1, upper=-1, right=-1, lower=-1)
    queries = pd.concat([documents] * 9, ignore_index=True)
    queries = queries.assign(
        query=np.arange(len(queries)),
        in_database=True,
        transform=np.repeat([f"turned-{i}" for i in range(9)], 29),
        family="turned",
        strength=np.repeat(np.arange(9.0), 29),
        half=np.where(queries["doc"] % 2 == 0, "tune", "report"),
        status="ok",
    )
    return Signed(documents, queries, signatures[:29], signatures[29:], {})


@pytest.fixture(scope="module")
def tables(pictures) -> dict[str, pd.DataFrame]:
    return word_tables(pictures, REFERENCE, EVALUATION, WORDS)


def test_pairs_are_of_the_half_and_as_related_as_said(pictures):
    queries, documents = right_pairs(pictures, "tune")
    assert len(queries) == 9 * 15
    np.testing.assert_array_equal(documents[:15:1][0], pictures.database[0])
    copies, others = unrelated_pairs(pictures, "tune", 300, 0)
    assert 250 < len(copies) < 300  # about one in 29 was of the same scene
    by_row = {row.tobytes(): n % 29 for n, row in enumerate(pictures.query_signatures)}
    for copy, other in zip(copies, others, strict=True):
        place = by_row[copy.tobytes()]
        assert place % 2 == 0
        assert not np.array_equal(pictures.database[place], other)


def test_every_word_of_both_schemes_is_told(tables):
    words = tables["words"]
    assert words.groupby("variant", sort=False).size().to_dict() == {"20x8": 20, "100x10": 100}
    assert words["repeated_right"].dropna().between(-1, 1 + 1e-9).all()
    # Words of 10 values every 6 or 7 overlap; those of 8 every 32 do not.
    means = words.groupby("variant")["repeated_right"].mean()
    assert means["100x10"] > means["20x8"]


def test_redundancy_of_right_and_unrelated_pairs(tables, pictures):
    table = tables["redundancy"].set_index(["variant", "pairs"])
    assert table.loc[("20x8", "right"), "n"] == 135
    assert set(table.index.get_level_values("pairs")) == {"right", "unrelated"}
    assert (table["effective_words"].dropna() <= table["N"]).all()


def test_the_choice_looks_at_the_tune_half_only(tables, pictures):
    other = pictures.query_signatures.copy()
    other[(pictures.queries["half"] == "report").to_numpy()] = 0
    again = word_tables(replace(pictures, query_signatures=other), REFERENCE, EVALUATION, WORDS)
    pd.testing.assert_frame_equal(again["chosen_words"], tables["chosen_words"])
    assert not again["greedy"].equals(tables["greedy"])
    right = right_pairs(pictures, "tune")
    unrelated = unrelated_pairs(pictures, "tune", 400, 3)
    chosen = choose_words(8, 12, right, unrelated)
    assert tables["chosen_words"]["position"].tolist() == list(chosen.positions)


def test_quality_is_that_of_the_report_half(tables, pictures):
    table = tables["greedy"].set_index(["N", "measure"])
    assert (table["n"] == 9 * 14).all()
    report = (pictures.queries["half"] == "report").to_numpy()
    answers = pictures.queries["doc"].to_numpy()[report]
    scheme = WordScheme(N=4, k=8)
    words = scheme.words(pictures.database), scheme.words(pictures.query_signatures[report])
    scores = (words[1][:, np.newaxis] == words[0]).sum(axis=2)
    own = scores[np.arange(len(answers)), answers]
    assert table.loc[(4, "candidate_recall@100"), "even"] == pytest.approx((own > 0).mean())
    higher = (scores > own[:, np.newaxis]).sum(axis=1)
    tied = (scores == own[:, np.newaxis]).sum(axis=1)
    first = np.where((own > 0) & (higher == 0), 1 / tied, 0.0)  # by chance among equals
    assert table.loc[(4, "recall@1"), "even"] == pytest.approx(first.mean())


def test_greedy_words_are_no_worse_where_even_ones_are_few(tables):
    table = tables["greedy"].set_index(["N", "measure"])
    few = table.loc[(4, "candidate_recall@100")]
    assert few["greedy"] >= few["even"]
    assert few["difference_low"] <= few["difference"] <= few["difference_high"]
    assert few["difference"] == pytest.approx(few["greedy"] - few["even"])
