"""Comparing indices by name."""

import pytest

from bench.compare import compare_indices
from bench.errors import IndexStateError

pytestmark = pytest.mark.engine


def test_sizes_and_warnings(engine, index_name):
    client = engine.client
    for document in range(5):
        client.index(index=index_name, id=str(document), document={"path": "x"}, refresh=True)
    client.delete(index=index_name, id="0", refresh=True)
    (compared,) = compare_indices(client, [index_name])
    assert compared.size.documents == 4
    told = " ".join(compared.warnings)
    assert "not merged" in told
    assert "retention lease" in told
    with pytest.raises(IndexStateError, match="nowhere"):
        compare_indices(client, [index_name, "nowhere"])
