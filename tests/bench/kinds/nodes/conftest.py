"""Tables of a made run: two shards with a replica each on three nodes, of which one is lost."""

import pandas as pd
import pytest

from bench.kinds.nodes.arrangements import ALIKE, COPIED, PART, SHARDED, WHOLE
from bench.kinds.nodes.copies import LOST, SETTLED

_ROW = ["arrangement", "moment", "shard", "primary", "node", "documents", "store_bytes"]
_COPIES = [
    (PART, SETTLED, 0, True, "node-1", 50, 500),
    (WHOLE, SETTLED, 0, True, "node-2", 100, 950),
    (SHARDED, SETTLED, 0, True, "node-1", 60, 590),
    (SHARDED, SETTLED, 1, True, "node-2", 40, 410),
    (COPIED, SETTLED, 0, True, "node-1", 60, 590),
    (COPIED, SETTLED, 0, False, "node-2", 60, 590),
    (COPIED, SETTLED, 1, True, "node-2", 40, 410),
    (COPIED, SETTLED, 1, False, "node-3", 40, 410),
    (SHARDED, LOST, 0, True, "node-1", 60, 590),
    (COPIED, LOST, 0, True, "node-1", 60, 590),
    (COPIED, LOST, 0, False, "node-3", 60, 592),
    (COPIED, LOST, 1, True, "node-3", 40, 410),
    (COPIED, LOST, 1, False, "node-1", 40, 410),
]


@pytest.fixture
def made() -> dict[str, pd.DataFrame]:
    """Raw tables of which everything holds."""
    indices = [
        (PART, 50, 1, 0, 500),
        (WHOLE, 100, 1, 0, 950),
        (SHARDED, 100, 2, 0, 1000),
        (COPIED, 100, 2, 1, 2000),
    ]
    columns = ["arrangement", "documents", "shards", "replicas", "store_bytes"]
    table = pd.DataFrame(indices, columns=columns).assign(variant="words")
    table["index"] = table["variant"] + "-" + table["arrangement"]
    hits = [
        (arrangement, query, rank, doc, score)
        for arrangement in ALIKE
        for query, answer in enumerate(
            # The last score is that of several documents: shards may name others of them.
            ([(7, 9), (3, 4), (5, 4)], [(1, 2), (4, 1), (6 if arrangement == WHOLE else 8, 1)])
        )
        for rank, (doc, score) in enumerate(answer)
    ]
    health = [
        (-1.0, 3, "green", 4),
        (0.1, 3, "green", 4),
        (0.5, 2, "red", 1),
        (0.7, 2, "yellow", 2),
        (6.0, 2, "green", 4),
        (6.1, 2, "green", 4),
    ]
    lost = [
        (COPIED, 0, -0.5, "same", "", 5.0),
        (COPIED, 1, 0.2, "error", "503 search_phase_execution_exception", 8.0),
        (COPIED, 0, 0.4, "same", "", 400.0),
        (COPIED, 1, 6.2, "same", "", 6.0),
        (SHARDED, 0, 7.0, "error", "503 search_phase_execution_exception", 3.0),
    ]
    names = ["arrangement", "query", "seconds", "outcome", "reason", "latency_ms"]
    return {
        "indices": table,
        "shards": pd.DataFrame(_COPIES, columns=_ROW).assign(variant="words"),
        "answers": pd.DataFrame(
            hits, columns=["arrangement", "query", "rank", "doc", "score"]
        ).assign(variant="words"),
        "health": pd.DataFrame(health, columns=["seconds", "nodes", "status", "copies"]).assign(
            index="words-copied"
        ),
        "lost": pd.DataFrame(lost, columns=names).assign(variant="words"),
    }
