"""Layouts that an engine cannot hold are refused with what is missing and what works."""

import pytest

from bench.engine.capabilities import Capabilities
from bench.index.needs import check_layouts
from bench.runs.errors import ExperimentError

OPENSEARCH = Capabilities(synthetic_source=False, knn=False, bit_vectors=False)


def test_what_every_engine_has_is_not_asked_for() -> None:
    check_layouts({"dynamic", "tagged_column_best"}, Capabilities(), "OpenSearch 3.3.2")


def test_a_layout_that_needs_what_is_there_is_taken() -> None:
    there = Capabilities(synthetic_source=True, bit_vectors=True)
    check_layouts({"tagged_synthetic", "vector_bit_flat"}, there, "Elasticsearch 9.2.4")


def test_layouts_are_refused_with_reason_engine_and_those_that_work() -> None:
    layouts = {"dynamic", "tagged_synthetic", "vector_bit_hnsw"}
    with pytest.raises(ExperimentError) as caught:
        check_layouts(layouts, OPENSEARCH, "OpenSearch 3.3.2")
    said, work = str(caught.value).split("Layouts that work there: ")
    assert said.startswith("OpenSearch 3.3.2 cannot hold")
    assert "layout 'tagged_synthetic' needs synthetic _source; layout 'vector_bit_hnsw'" in said
    assert {"dynamic", "tagged_column", "integer_filtered"} <= set(work.split(", "))
    assert not {"tagged_synthetic", "vector_byte_flat"} & set(work.split(", "))


def test_a_layout_of_which_nothing_was_asked_is_not_offered() -> None:
    with pytest.raises(ExperimentError) as caught:
        check_layouts({"vector_bit_flat"}, Capabilities(bit_vectors=False), "Elasticsearch 8.13.0")
    assert "tagged_synthetic" not in str(caught.value)
