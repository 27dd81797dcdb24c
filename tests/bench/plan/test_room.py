"""Free space, as the system and a cluster tell it."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.engine import Engine
from bench.engine.client import connect
from bench.plan.room import FLOOR_BYTES, cluster_room, engine_room, folder_room, size_bytes


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
    setting = {"cluster.routing.allocation.disk.threshold_enabled": True}
    engine.client.cluster.put_settings(transient=setting)
    try:
        assert cluster_room(engine.client).floor == min(200 * 2**30, int(0.15 * disk.total))
    finally:
        engine.client.cluster.put_settings(transient=dict.fromkeys(setting))


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
