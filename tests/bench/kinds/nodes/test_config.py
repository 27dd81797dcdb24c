"""Node configs, and what is wrong with some."""

import pytest
from pydantic import ValidationError

from bench.kinds.nodes.config import Nodes

BITS = {"name": "bits", "layout": "vector_sign_flat", "codec": {"id": "none"}}
GIVEN = {"kind": "nodes", "name": "made", "variants": [BITS], "documents": 900}


def test_three_nodes_and_a_replica_where_nothing_is_said():
    config = Nodes.model_validate(GIVEN)
    assert (config.engine.nodes, config.shards, config.replicas) == (3, 3, 1)
    assert config.dataset.documents == "rest"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"engine": {"nodes": 2}}, "of 2 nodes none can be lost.*give at least 3"),
        ({"replicas": 2}, "hold 3 copies; give at least 4"),
        ({"replicas": 0}, "greater than or equal to 1"),
        ({"shards": 1}, "greater than or equal to 2"),
        ({"variants": [BITS | {"layout": "vector_sign_hnsw"}]}, "bits: answers of shards are"),
        ({"search": {"score_cutoff": 3}}, "leave out the cutoffs"),
    ],
)
def test_what_shows_nothing_is_refused(changed, said):
    with pytest.raises(ValidationError, match=said):
        Nodes.model_validate(GIVEN | changed)
