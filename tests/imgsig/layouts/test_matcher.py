"""Scores of equal words, and what is refused."""

import numpy as np
import pytest

from imgsig import WordScheme
from imgsig.errors import ConfigError, ScoreError
from imgsig.layouts.words import FieldPerWord, equal_words, refuse_beyond, should_match


def test_equal_words_are_counted_by_position(signatures):
    scheme = WordScheme(k=8, N=20)
    words = [row.tolist() for row in scheme.words(signatures[:40])]
    scores = equal_words(scheme, signatures[:40])(signatures[3])
    assert scores.tolist() == [
        sum(a == b for a, b in zip(row, words[3], strict=True)) for row in words
    ]
    assert scores[3] == 20


def test_a_least_number_is_asked_for_only_where_it_is_given():
    clauses = [{"term": {"a": 1}}, {"term": {"b": 2}}]
    assert should_match(clauses, None) == {"bool": {"should": clauses}}
    assert should_match(clauses, 2)["bool"]["minimum_should_match"] == 2


def test_whole_scores():
    matcher, scheme = FieldPerWord(), WordScheme()
    assert matcher.whole_scores(scheme, np.array([63.0, 1.0])).tolist() == [63, 1]
    assert matcher.whole_scores(scheme, np.array([])).tolist() == []
    with pytest.raises(ScoreError, match=r"no word counts: 1\.5"):
        matcher.whole_scores(scheme, np.array([2.0, 1.5]))


def test_the_limit_is_named():
    refuse_beyond(8, 8, "type nibble", WordScheme())
    with pytest.raises(ConfigError, match="9 different values; type nibble holds 8"):
        refuse_beyond(9, 8, "type nibble", WordScheme())
