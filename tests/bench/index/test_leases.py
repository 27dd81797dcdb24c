"""Leases on the real engine."""

import pytest

from bench.index.build import create_index, load_documents
from bench.index.leases import lease_is_held, wait_for_leases
from bench.index.variant import Variant
from bench.runs.errors import MeasurementError

pytestmark = pytest.mark.engine


def test_a_held_lease_is_an_error_in_the_end(engine, index_name, signatures):
    variant = Variant(20, 16, {"id": "none"}, name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:20])
    assert lease_is_held(engine.client, index_name)
    with pytest.raises(MeasurementError, match="retention lease"):
        wait_for_leases(engine.client, index_name, timeout=0.1)


def test_an_index_without_operations_has_none_to_wait_for(engine, index_name):
    engine.client.indices.create(index=index_name, settings={"number_of_replicas": 0})
    assert wait_for_leases(engine.client, index_name, timeout=5) < 5
