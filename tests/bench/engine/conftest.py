"""Small servers on loopback, for answers that no healthy Elasticsearch gives."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

Answer = tuple[int, dict[str, str], bytes]
Answering = Callable[[Callable[[str, str], Answer]], str]


def json_answer(body: object, status: int = 200, **headers: str) -> Answer:
    kind = {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}
    return status, kind | headers, json.dumps(body).encode()


@pytest.fixture
def answer_json() -> Callable[..., Answer]:
    return json_answer


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Start a server that answers with what a function of method and path returns."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Callable[[str, str], Answer]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                self.rfile.read(length)
                status, headers, body = answer(self.command, self.path)
                if status == 0:  # hang up without an answer
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "content-length" not in headers:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_POST = do_HEAD = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that everybody may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="imgsig engine ") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def small_home(tmp_path: Path) -> Path:
    """What of a server's home its configuration is made from."""
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    (config / "jvm.options").write_text(
        "-XX:+UseG1GC\n20-:--add-modules=jdk.incubator.vector\n"
        "-XX:+HeapDumpOnOutOfMemoryError\n-XX:HeapDumpPath=data\n"
        "-XX:ErrorFile=logs/hs_err_pid%p.log\n-Xlog:gc*:file=logs/gc.log\n"
    )
    (config / "log4j2.properties").write_text("status = error\n")
    return config.parent
