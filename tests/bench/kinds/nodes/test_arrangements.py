"""Which indices a node run builds."""

from bench.kinds.nodes.arrangements import plan_indices
from bench.kinds.nodes.config import Nodes
from tests.bench.kinds.nodes.test_config import BITS, GIVEN


def test_four_indices_a_variant(tmp_path):
    words = {"name": "words", "k": 6, "layout": "keyword_column", "codec": {"id": "none"}}
    config = Nodes.model_validate(GIVEN | {"variants": [BITS, words], "documents": 1000})
    indices = plan_indices(config, tmp_path, "run")
    assert [(one.name, one.documents, one.shards, one.replicas) for one in indices[:4]] == [
        ("bits-part", 333, 1, 0),
        ("bits-whole", 1000, 1, 0),
        ("bits-sharded", 1000, 3, 0),
        ("bits-copied", 1000, 3, 1),
    ]
    assert {one.variant for one in indices[4:]} == {"words"}
    assert len({one.state.folder for one in indices}) == 8
