"""Three nodes on this machine: sharding changes no hit, and a replica saves what a node had.

What would disturb the other tests on their engine is tested here, too: a red index, watermarks.
"""

import shutil
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from bench.disk.room import cluster_room
from bench.engine import EngineError, embedded_cluster, engine_status, open_engine
from bench.engine.cluster import node_folders
from bench.engine.errors import EngineDiskError
from bench.index import build
from bench.index.storage import read_size
from bench.index.variant import Variant
from bench.kinds.nodes import health
from bench.kinds.nodes.health import wait_until_green
from bench.runs.errors import IndexStateError
from imgsig.layouts import get_layout
from tests.shared import DISTRIBUTION, bulk

pytestmark = [pytest.mark.slow, pytest.mark.engine]

VARIANT = Variant(N=63, k=16, codec={"id": "none"})


@pytest.fixture(scope="module")
def cluster(engine_env):
    with tempfile.TemporaryDirectory(prefix="imgsig cluster ") as name:
        Path(name).chmod(0o711)
        opening = open_engine(
            Path(name) / "own", heap="256m", nodes=3, env=engine_env, distribution=DISTRIBUTION
        )
        with opening as opened:
            yield opened


def load(client, index, signatures, *, shards, replicas=0):
    layout = get_layout("dynamic")
    client.indices.create(
        index=index,
        settings={"number_of_shards": shards, "number_of_replicas": replicas},
        wait_for_active_shards="all",
    )
    paths = [str(number) for number in range(len(signatures))]
    documents = layout.documents(VARIANT.scheme, VARIANT.get_codec(), paths, signatures)
    actions = (
        {"_id": number, "_source": document}
        for number, document in zip(paths, documents, strict=True)
    )
    bulk(client, actions, index=index, refresh=True)


def hits(client, index, signatures):
    matcher = get_layout("dynamic").matcher
    found = []
    for signature in signatures:
        query = matcher.query(VARIANT.scheme, signature, 1000, None)
        answer = client.search(index=index, query=query, size=1000, source=False)
        assert answer["_shards"]["failed"] == 0
        found.append({hit["_id"]: hit["_score"] for hit in answer["hits"]["hits"]})
    return found


def test_the_nodes_are_one_cluster_on_loopback(cluster):
    facts = cluster.describe()
    assert facts["nodes"] == 3
    for node in cluster.client.nodes.info(metric=["http", "transport"])["nodes"].values():
        for part in ("http", "transport"):
            assert node[part]["publish_address"].startswith("127.0.0.1:")


def test_one_shard_and_six_give_the_same_hits_and_scores(cluster, signatures):
    client, queries = cluster.client, signatures[::20]
    load(client, "one-shard", signatures, shards=1)
    load(client, "six-shards", signatures, shards=6)
    nodes = {row["node"] for row in client.cat.shards(index="six-shards", format="json")}
    assert len(nodes) == 3
    one, six = (hits(client, index, queries) for index in ("one-shard", "six-shards"))
    assert one == six
    assert all(max(found.values()) == 63 for found in one)


def test_a_red_index_is_an_error(cluster, monkeypatch):
    client = cluster.client
    client.indices.create(
        index="red",
        settings={"number_of_replicas": 0, "index.routing.allocation.require._name": "nobody"},
        wait_for_active_shards=0,
        timeout="1s",
    )
    with pytest.raises(IndexStateError, match="red: 0 of 1"):
        read_size(client, "red")
    monkeypatch.setattr(health, "GONE", 0.5)
    assert wait_until_green(client, "red") == "red"
    client.indices.delete(index="red")


@pytest.mark.parametrize("replicas", [0, 1])
def test_an_index_that_finds_no_node_is_an_error(cluster, monkeypatch, replicas):
    client, variant = cluster.client, Variant(20, 10, {"id": "none"}, name="homeless")
    setting = {"cluster.routing.allocation.enable": "none"}
    monkeypatch.setattr(build, "COPIES_WAIT", "2s")
    client.cluster.put_settings(transient=setting)
    try:
        with pytest.raises(
            IndexStateError, match=r"1 of 1 primary shards of .* no node in 2s: .*/explain gives"
        ):
            build.create_index(client, variant, "run", replicas=replicas)
    finally:
        client.cluster.put_settings(transient=dict.fromkeys(setting))
        client.indices.delete(index="homeless", ignore_unavailable=True)


def test_what_the_watermarks_keep_free_is_no_room(cluster, tmp_path):
    disk, put = shutil.disk_usage(tmp_path), cluster.client.cluster.put_settings
    name = "cluster.routing.allocation.disk"
    setting = {f"{name}.threshold_enabled": True}
    put(transient=setting)
    share = int(0.15 * disk.total)
    capped = min(200 * 2**30, share) if cluster.name == "elasticsearch" else share
    assert cluster_room(cluster.client).floor == 3 * capped
    stages = ("low", "high", "flood_stage")
    setting |= {f"{name}.watermark.{stage}": "3gb" for stage in stages}
    put(transient=setting)
    assert cluster_room(cluster.client).floor == 3 * 3 * 2**30
    setting |= {f"{name}.watermark.{stage}": "0.9" for stage in stages}
    put(transient=setting)
    assert cluster_room(cluster.client).floor == 3 * int((1 - 0.9) * disk.total)
    put(transient=dict.fromkeys(setting))


def test_losing_a_node_loses_nothing_that_has_a_replica(cluster, signatures):
    client, queries = cluster.client, signatures[::40]
    load(client, "replicated", signatures, shards=3, replicas=1)
    before = hits(client, "replicated", queries)
    stats = client.nodes.info(metric="process")["nodes"]
    client_node = client.cat.nodes(h="name,master", format="json")
    lost = next(
        row["name"] for row in client_node if row["master"] != "*" and row["name"] != "node-1"
    )
    (process,) = [
        psutil.Process(node["process"]["id"]) for node in stats.values() if node["name"] == lost
    ]
    process.kill()
    deadline = time.monotonic() + 120
    while client.cluster.health()["number_of_nodes"] == 3:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    health = client.cluster.health(index="replicated", wait_for_status="yellow", timeout="60s")
    assert health["status"] != "red"
    assert hits(client, "replicated", queries) == before
    assert client.count(index="replicated")["count"] == len(signatures)


def test_nodes_that_do_not_meet_are_stopped_though_they_are_to_be_kept(engine_env, monkeypatch):
    def apart(states, seconds):
        assert all(state.running for state in states)
        raise EngineError("The nodes did not all meet")

    monkeypatch.setattr("bench.engine.cluster._wait_until_joined", apart)
    with tempfile.TemporaryDirectory(prefix="imgsig cluster ") as name:
        Path(name).chmod(0o711)
        opening = embedded_cluster(
            Path(name) / "own", heap="256m", keep=True, env=engine_env, distribution=DISTRIBUTION
        )
        with pytest.raises(EngineError, match="did not all meet"), opening:
            pass
        assert not any(name in state.folder for state in engine_status())


def test_no_node_or_too_many_are_refused(tmp_path, engine_env):
    for nodes in (0, 10):
        cluster = embedded_cluster(tmp_path, nodes=nodes, heap="256m", keep=False, env=engine_env)
        with pytest.raises(EngineError, match="1 to 9 nodes"), cluster:
            pass


def test_a_full_disk_is_told_before_a_server_is_started(tmp_path, engine_env, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4096))
    alone = embedded_cluster(tmp_path, nodes=1, heap="256m", keep=False, env=engine_env)
    with (
        pytest.raises(EngineDiskError, match=r"disk of .* is full, so \S+ \S+ cannot start"),
        alone,
    ):
        pass


def test_folders_of_nodes(tmp_path):
    assert node_folders(tmp_path, 1) == [tmp_path]
    assert [path.name for path in node_folders(tmp_path, 3)] == ["node-1", "node-2", "node-3"]
