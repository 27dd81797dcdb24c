"""Work waits for shards that move between two nodes, and is done again after one has moved."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bench.engine import Engine, open_engine
from bench.index.checkpoints import commit_on_every_copy
from bench.index.moves import TIMES, in_place, places
from bench.index.storage import lease_is_held
from bench.runs.errors import MeasurementError
from tests.shared import DISTRIBUTION

pytestmark = [pytest.mark.engine, pytest.mark.slow]

INDEX = "test-moves"
SLOW = {"indices.recovery.max_bytes_per_sec": "10kb"}


@pytest.fixture(scope="module")
def two_nodes(engine_env: dict[str, str]) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="imgsig-moves-") as folder:
        Path(folder).chmod(0o711)
        with open_engine(
            Path(folder) / "own", heap="384m", nodes=2, env=engine_env, distribution=DISTRIBUTION
        ) as opened:
            yield opened


@pytest.fixture
def client(two_nodes):
    """A client, and an index of some 200 kB in one shard, which no engine moves of itself."""
    client = two_nodes.client
    client.cluster.put_settings(persistent={"cluster.routing.rebalance.enable": "none"})
    client.indices.create(index=INDEX, settings={"number_of_shards": 1, "number_of_replicas": 0})
    random = np.random.default_rng(0)
    for number in range(30):
        client.index(index=INDEX, id=str(number), document={"text": random.bytes(5_000).hex()})
    client.indices.flush(index=INDEX, force=True)
    yield client
    client.cluster.put_settings(persistent=dict.fromkeys(SLOW))
    client.indices.delete(index=INDEX)


def move(client, *, wait: bool = True) -> None:
    """Move the shard to the other node."""
    ((at, _),) = places(client, INDEX)["0"]
    nodes = client.nodes.info(metric=["process"])["nodes"]
    (other,) = set(nodes) - {at}
    command = {"index": INDEX, "shard": 0, "from_node": at, "to_node": other}
    client.cluster.reroute(commands=[{"move": command}], metric="none")
    if wait:
        client.cluster.health(index=INDEX, wait_for_no_relocating_shards=True)


def test_work_is_done_once_where_nothing_moves(client):
    calls = []
    assert in_place(client, INDEX, lambda: calls.append(1) or "done") == "done"
    assert calls == [1]


@pytest.mark.parametrize("fails", [False, True])
def test_work_is_done_again_where_a_shard_has_moved(client, fails):
    calls: list[str] = []

    def work() -> str:
        calls.append("begun")
        if len(calls) < 3:
            move(client)
            if fails:
                raise MeasurementError("cut short")
        return "whole"

    assert in_place(client, INDEX, work) == "whole"
    assert len(calls) == 3


def test_what_fails_in_place_is_told_at_once(client):
    calls: list[str] = []

    def work() -> None:
        calls.append("begun")
        raise MeasurementError("a merge was cut short")

    with pytest.raises(MeasurementError, match="a merge was cut short"):
        in_place(client, INDEX, work)
    assert len(calls) == 1


def test_a_cluster_that_never_rests_is_an_error(client):
    calls: list[str] = []

    def work() -> None:
        calls.append("begun")
        move(client)

    with pytest.raises(MeasurementError, match=r"have moved .* 4 times.*rebalance.enable: none"):
        in_place(client, INDEX, work)
    assert len(calls) == TIMES


def test_a_shard_on_its_way_is_waited_for(client, capsys):
    ((before, _),) = places(client, INDEX)["0"]
    client.cluster.put_settings(persistent=SLOW)
    move(client, wait=False)
    with pytest.raises(MeasurementError, match="are still on their way to other nodes after 2 s"):
        in_place(client, INDEX, lambda: "never", timeout=2)
    assert "waiting for them" in capsys.readouterr().err
    ((after, state),) = in_place(client, INDEX, lambda: places(client, INDEX))["0"]
    assert after != before
    assert state == "STARTED"


@pytest.mark.parametrize("read", [lease_is_held, commit_on_every_copy])
def test_a_shard_that_no_node_has_is_told(two_nodes, read):
    name, nobody = "test-nowhere", {"routing.allocation.require._name": "nobody"}
    two_nodes.client.indices.create(index=name, settings=nobody, wait_for_active_shards="0")
    try:
        with pytest.raises(MeasurementError, match="no shard of index 'test-nowhere' answers"):
            read(two_nodes.client, name)
    finally:
        two_nodes.client.indices.delete(index=name)
