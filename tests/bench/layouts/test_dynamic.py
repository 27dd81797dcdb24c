"""The documents and queries of image-match."""

import numpy as np
import pytest

from bench.errors import ExperimentError
from bench.layouts import LAYOUTS, DynamicLayout, get_layout
from imgsig import WordScheme

WORDS = np.array([7, 0, 3**16 - 1])


def test_document_is_the_record_of_image_match():
    document = DynamicLayout().document("a.jpg", WORDS, [1, 2])
    assert document == {
        "path": "a.jpg",
        "signature": [1, 2],
        "simple_word_0": 7,
        "simple_word_1": 0,
        "simple_word_2": 43046720,
    }
    assert "signature" not in DynamicLayout().document("a.jpg", WORDS, None)
    assert all(type(value) is int for key, value in document.items() if "word" in key)


def test_query_has_one_clause_a_word():
    query = DynamicLayout().query(WORDS, WordScheme(k=16, N=len(WORDS)))
    assert query["bool"]["should"][2] == {"term": {"simple_word_2": 43046720}}
    assert len(query["bool"]["should"]) == 3


def test_registry():
    for layout_id, layout in LAYOUTS.items():
        assert layout.layout_id == layout_id
        assert get_layout(layout_id) is layout
    with pytest.raises(ExperimentError, match="dynamic"):
        get_layout("none such")
