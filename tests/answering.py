"""Small servers on loopback, for answers that no healthy Elasticsearch gives."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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
