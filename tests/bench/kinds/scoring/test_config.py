"""What a scoring run can be of."""

import pytest
from pydantic import ValidationError

from bench.kinds.scoring.config import Scoring
from bench.runs.errors import ExperimentError


def graph(layouts, **more):
    names = [{"name": f"g{i}", "layout": one, "codec": {"id": "none"}} for i, one in layouts]
    return {"graph": {"variants": names, "num_candidates": [12], **more}}


GRAPH = [(0, "vector_sign_flat"), (1, "vector_sign_hnsw_m8")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"variants": [{"name": "a", "codec": {"id": "none"}}]}, "store signatures"),
        (
            {"variants": [{"name": "a", "layout": "vector_bit_flat", "codec": {"id": "context"}}]},
            "must count words",
        ),
        (
            {"variants": [{"name": "a", "layout": "vector_sign_hnsw", "codec": {"id": "none"}}]},
            "a: layout 'vector_sign_hnsw' neither counts words",
        ),
        (
            {"variants": [{"name": "a", "layout": "untagged", "codec": {"id": "none"}}]},
            "neither counts words",
        ),
        ({"k": [3, 12]}, "k: 12 is no rank below the 12 hits"),
        (
            {
                "learned": [],
                "variants": [
                    {"name": "a", "codec": {"id": "int_array"}},
                    {"name": "b", "N": 4, "layout": "vector_sign_flat_keyword"}
                    | {"codec": {"id": "none"}},
                ],
            },
            "5 words are more than b has, 4",
        ),
        (graph(GRAPH[::-1]), "g1 has no flat vectors of bits"),
        (graph([*GRAPH, (2, "vector_bit_hnsw")]), "g2 is no graph of the vectors of g0"),
        (graph([*GRAPH, (1, "vector_sign_hnsw")]), "two variants have the name 'g1'"),
        (graph(GRAPH, num_candidates=[20, 11]), "11 candidates are fewer than the 12 hits"),
        ({"learned": ["short", "bits"]}, "learned: weights .* 'bits' is no .* tester, short"),
        ({"k": [0]}, "greater than or equal to 1"),
        ({"plain": [1.5]}, "less than or equal to 1"),
        ({"plain": []}, "at least 1 item"),
        ({"variants": [{"name": "a", "codec": {"id": "sign"}}]}, "a: codec 'sign' does not keep"),
    ],
)
def test_what_cannot_be_is_refused(scoring, change, message):
    given = scoring.model_dump() | change
    with pytest.raises((ExperimentError, ValidationError), match=message):
        Scoring.model_validate(given)


def test_names_of_graphs_are_not_those_of_other_indices(scoring):
    given = scoring.model_dump() | graph(GRAPH)
    assert Scoring.model_validate(given).graph.queries == 300
    given["graph"]["variants"][1]["name"] = "bits"
    with pytest.raises(ValidationError, match="called 'bits' already"):
        Scoring.model_validate(given)


def test_canonical_form_has_no_clusters_it_was_not_given(scoring):
    assert scoring.canonical()["clusters"] is None
    given = scoring.model_dump() | {"clusters": {"collection": "pictures"}}
    assert Scoring.model_validate(given).clusters.planted.clusters == 20
