"""An address with TLS in front of an Elasticsearch, and who has shown it which credentials."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


@contextmanager
def tls_front(url: str, authority: Any, name: str) -> Iterator[tuple[str, list[str]]]:
    """Answer GET requests with what an Elasticsearch answers.

    Yields
    ------
    address : str
        On loopback, with ``https``.
    shown : list of str
        The header ``Authorization`` of each request.
    """
    shown: list[str] = []

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers.get("authorization", ""))
            asked = Request(url + self.path, headers={"authorization": shown[-1]})  # noqa: S310
            try:
                answer = urlopen(asked)  # noqa: S310 (the engine's address)
            except HTTPError as error:
                answer = error
            with answer:
                body = answer.read()
                self.send_response(answer.status)
                for header in ("content-type", "x-elastic-product"):
                    if header in answer.headers:
                        self.send_header(header, answer.headers[header])
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that refuses the certificate is what is looked for."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    server = Server(("127.0.0.1", 0), Front)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_port}", shown
    finally:
        server.shutdown()
        server.server_close()
