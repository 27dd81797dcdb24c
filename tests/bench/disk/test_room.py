"""Free space, as the system and a cluster tell it."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.disk.room import FLOOR_BYTES, cluster_room, engine_room, folder_room, size_bytes
from bench.engine import Engine
from bench.engine.client import connect


def test_a_folder_that_is_not_there_yet(tmp_path):
    disk = shutil.disk_usage(tmp_path)
    room = folder_room(tmp_path / "not" / "there")
    assert abs(room.free - disk.free) < 1e9  # others write meanwhile
    assert room.floor == min(FLOOR_BYTES, int(0.05 * disk.total))
    assert room.usable == room.free - room.floor
    assert folder_room(tmp_path, "3g").floor == size_bytes("3g") == 3 * 2**30


@pytest.mark.engine
def test_a_cluster_says_how_much_is_free(engine, session_engine_folder, tmp_path):
    disk = shutil.disk_usage(session_engine_folder)
    elsewhere = engine_room(Engine("external", engine.url, engine.client), tmp_path, 1, None)
    assert abs(elsewhere.free - disk.free) < 1e9
    # The tests' engine does not mind its disk, as only an embedded one does.
    assert elsewhere.floor == min(FLOOR_BYTES, int(0.05 * disk.total))
    own = engine_room(engine, session_engine_folder, 1, "7g")
    assert own.floor == size_bytes("7g")
    assert str(session_engine_folder) in own.where


GB = 10**9
#: Roles, free and all bytes of the nodes of a cluster.
NODES = (
    (["data_hot", "data_content"], 400 * GB, 1000 * GB),
    (["data"], 250 * GB, 1000 * GB),
    (["data_content"], 100 * GB, 1000 * GB),  # past its watermark
    (["data_cold"], 900 * GB, 1000 * GB),
    (["data_frozen"], 900 * GB, 1000 * GB),
    (["master"], 900 * GB, 1000 * GB),
)


class Nodes:
    """What a client is asked for by `cluster_room`."""

    def __init__(self, nodes, **settings):
        self.nodes = self.cluster = self
        self._settings = settings
        self._stats = {
            str(number): {
                "roles": roles,
                "fs": {"total": {"available_in_bytes": free, "total_in_bytes": total}},
            }
            for number, (roles, free, total) in enumerate(nodes)
        }

    def stats(self, metric):
        assert metric == "fs"
        return {"nodes": self._stats}

    def get_settings(self, **_):
        return self._settings


@pytest.mark.parametrize(("pieces", "usable"), [(1, 250), (2, 200), (3, 150), (4, 200), (9, 180)])
def test_one_index_has_what_the_nodes_of_its_shards_have(pieces, usable):
    # Two nodes have room, 250 GB and 100 GB; of three pieces one holds two, so 50 GB each.
    room = cluster_room(Nodes(NODES), pieces)
    assert room.usable == (250 + 100) * GB  # the third is full, the others take no new index
    assert room.for_one.usable == usable * GB
    assert room.is_elsewhere


def test_a_cluster_of_one_node_is_that_node():
    room = cluster_room(Nodes(NODES[:1]), 5)
    assert (room.where, room.usable, room.for_one) == ("the data node", 250 * GB, None)


def test_one_shard_is_on_one_node_of_ten():
    room = cluster_room(Nodes([(["data"], 250 * GB, 1000 * GB)] * 10))
    assert (room.usable, room.for_one.usable) == (1000 * GB, 100 * GB)


def test_a_cluster_of_full_nodes_has_no_room():
    room = cluster_room(Nodes([NODES[2]] * 3), 2)
    assert (room.free, room.usable, room.for_one) == (100 * GB, 0, None)


def test_a_cluster_whose_nodes_take_no_new_index_does_not_say():
    assert cluster_room(Nodes(NODES[3:])) is None


def settings(**values):
    """Settings of disks, flat as a cluster lists them."""
    names = {"on": "threshold_enabled", "low": "watermark.low"}
    names["most"] = f"{names['low']}.max_headroom"
    return {f"cluster.routing.allocation.disk.{names[one]}": values[one] for one in values}


#: What each lists where nobody has set anything.
OPENSEARCH = settings(on="true", low="85%")
ELASTICSEARCH = OPENSEARCH | settings(most="200GB")


@pytest.mark.parametrize(
    ("parts", "stays"),
    [
        ({"defaults": OPENSEARCH}, 1500 * GB),
        ({"defaults": ELASTICSEARCH}, 200 * 2**30),
        ({"defaults": OPENSEARCH, "persistent": settings(low="70%")}, 3000 * GB),
        ({"defaults": OPENSEARCH, "persistent": settings(low="0.75")}, 2500 * GB),
        ({"defaults": OPENSEARCH, "persistent": settings(low="500gb")}, 500 * 2**30),
        ({"defaults": ELASTICSEARCH, "persistent": settings(low="1.5tb")}, 1.5 * 2**40),
        ({"defaults": ELASTICSEARCH, "persistent": settings(most="50GB")}, 50 * 2**30),
        # Where the watermark is set there is no cap by default, whatever is listed.
        ({"defaults": ELASTICSEARCH | settings(low="70%")}, 3000 * GB),
        ({"defaults": OPENSEARCH | settings(most="-1")}, 1500 * GB),
        (
            {
                "defaults": ELASTICSEARCH,
                "persistent": settings(low="90%"),
                "transient": settings(low="70%", most="1tb"),
            },
            2**40,
        ),
        ({"defaults": ELASTICSEARCH, "transient": settings(on="false")}, FLOOR_BYTES),
    ],
)
def test_what_stays_free_on_a_node_is_what_its_engine_keeps_free(parts, stays):
    room = cluster_room(Nodes([(["data"], 4000 * GB, 10_000 * GB)], **parts))
    assert room.floor == stays


class Refusing(BaseHTTPRequestHandler):
    """A cluster whose user may not ask for its disks."""

    def do_GET(self) -> None:
        self.send_response(403)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"error": {"type": "security_exception"}, "status": 403}')

    def log_message(self, *about: object) -> None:
        """Say nothing."""


def test_a_cluster_that_does_not_say():
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with connect(f"http://127.0.0.1:{server.server_port}") as client:
            assert cluster_room(client) is None
        server.shutdown()
