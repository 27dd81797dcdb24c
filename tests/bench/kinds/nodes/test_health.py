"""Waiting for indices that are whole; one that is red would disturb others, see `test_cluster`."""

import pytest

from bench.engine.errors import EngineUnhealthyError
from bench.kinds.nodes import health
from bench.kinds.nodes.health import wait_until_green

pytestmark = pytest.mark.engine


@pytest.fixture
def create(engine):
    made = []

    def create(name, **settings):
        engine.client.indices.create(index=name, settings=settings, wait_for_active_shards=0)
        made.append(name)
        return name

    yield create
    for name in made:
        engine.client.indices.delete(index=name)


def test_an_index_that_is_whole_is_green(engine, create):
    assert wait_until_green(engine.client, create("nodes-whole", number_of_replicas=0)) == "green"


def test_a_copy_that_finds_no_node_is_told(engine, create, monkeypatch):
    name = create("nodes-yellow", number_of_replicas=1)
    monkeypatch.setattr(health, "SECONDS", 0.5)
    with pytest.raises(EngineUnhealthyError, match=r"'nodes-yellow' is (yellow|red) after 0 s"):
        wait_until_green(engine.client, name)
