"""What every copy holds is committed; copies on several nodes are settled in node runs."""

import pytest

from bench.engine.client import whole
from bench.index import checkpoints
from bench.index.checkpoints import commit_on_every_copy
from bench.runs.errors import MeasurementError

pytestmark = pytest.mark.engine


@pytest.fixture
def index(engine):
    name = "checkpoints"
    settings = {"number_of_shards": 2, "number_of_replicas": 0, "refresh_interval": "-1"}
    engine.client.indices.create(index=name, settings=settings)
    for number in range(10):
        engine.client.index(index=name, id=str(number), document={"n": number})
    yield name
    engine.client.indices.delete(index=name)


def test_what_all_copies_hold_is_committed(engine, index):
    commit_on_every_copy(engine.client, index)
    stats = engine.client.indices.stats(index=index, metric=["translog"])
    assert stats["indices"][index]["primaries"]["translog"]["uncommitted_operations"] == 0


def test_a_copy_that_lags_is_told(engine, index, monkeypatch):
    def lagging(answer, about):
        for shard in answer.get("indices", {}).get(index, {}).get("shards", {}).values():
            shard[0]["seq_no"]["global_checkpoint"] = shard[0]["seq_no"]["max_seq_no"] - 1
        return whole(answer, about)

    monkeypatch.setattr(checkpoints, "whole", lagging)
    with pytest.raises(MeasurementError, match="copies of 'checkpoints' do not agree after 0 s"):
        commit_on_every_copy(engine.client, index, timeout=0)
