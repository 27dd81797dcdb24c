"""What a document says of a run on several nodes, of a made run."""

import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]


class _Run:
    """A run of one variant whose tables are at hand."""

    def __init__(self, sizes):
        self._sizes = sizes

    def table(self, name):
        return {"sizes": self._sizes}[name]


@pytest.fixture
def nodes(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from guide import nodes

    yield nodes
    for name in [name for name in sys.modules if name.split(".")[0] == "guide"]:
        del sys.modules[name]


def test_sizes_stand_beside_what_is_predicted(nodes):
    nan = float("nan")
    rows = [
        ("words", "part", 500, 1, 0, 500_000, nan, nan),
        ("words", "whole", 1500, 1, 0, 1_400_000, nan, nan),
        ("words", "copied", 1500, 3, 1, 3_030_000, 3_000_000.0, 0.01),
    ]
    names = ["variant", "arrangement", "documents", "shards", "replicas", "store_bytes"]
    sizes = pd.DataFrame(rows, columns=[*names, "foretold_bytes", "difference"])
    assert nodes.sizes(_Run(sizes)).splitlines()[2:] == [
        "| `words` | 1,500 | 1 | 1 | 1.4 | – | – |",
        "| `words` | 1,500 | 3 | 2 | 3.0 | 3.0 | +1.00 % |",
    ]
    assert set(nodes.of_nodes()) == {"nodes", "node-sizes", "times-beyond"}
