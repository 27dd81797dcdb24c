"""Certificates are checked, on real connections: an engine behind TLS with an authority of ours."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import trustme
from elastic_transport import SecurityWarning
from urllib3.exceptions import InsecureRequestWarning

from bench.engine import Engine, open_engine
from bench.engine.errors import EngineUnreachableError

pytestmark = pytest.mark.engine

SECRET = "planted-77c2"  # noqa: S105 (must not be shown anywhere)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def serve(
    engine: Engine, authority: trustme.CA, name: str
) -> tuple[ThreadingHTTPServer, list[str]]:
    """A TLS front of the engine, for GET requests; and the credentials that it was shown."""
    shown: list[str] = []

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers.get("authorization", ""))
            try:
                answer = urlopen(engine.url + self.path)  # noqa: S310 (the engine's address)
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
            """A client that refuses the certificate is what is tested."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    server = Server(("127.0.0.1", 0), Front)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, shown


@pytest.fixture(scope="module")
def front(engine: Engine, authority: trustme.CA) -> Iterator[tuple[str, list[str]]]:
    server, shown = serve(engine, authority, "127.0.0.1")
    yield f"https://127.0.0.1:{server.server_port}", shown
    server.shutdown()
    server.server_close()


def test_an_unknown_authority_is_refused_before_credentials_are_sent(
    front: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, shown = front
    shown.clear()
    env = {"ES_URL": url, "ES_API_KEY": SECRET}
    with (
        pytest.raises(EngineUnreachableError, match=r"not trusted.*Set ES_CA_CERTS") as caught,
        open_engine(tmp_path, env=env),
    ):
        pass
    assert SECRET not in str(caught.value)
    assert shown == []


def test_its_authority_opens_it(
    front: tuple[str, list[str]], ca_file: Path, engine: Engine, tmp_path: Path
) -> None:
    url, shown = front
    env = {"ES_URL": url, "ES_API_KEY": SECRET, "ES_CA_CERTS": str(ca_file)}
    with open_engine(tmp_path, env=env) as opened:
        assert opened.describe() == engine.describe() | {
            "kind": "external",
            "lucene": None,
            "url": url,
        }
    assert set(shown) == {f"ApiKey {SECRET}"}


def test_a_certificate_of_another_host_is_refused(
    engine: Engine, authority: trustme.CA, ca_file: Path, tmp_path: Path
) -> None:
    server, shown = serve(engine, authority, "es.example.org")
    try:
        env = {"ES_URL": f"https://127.0.0.1:{server.server_port}", "ES_CA_CERTS": str(ca_file)}
        with (
            pytest.raises(EngineUnreachableError, match="not trusted"),
            open_engine(tmp_path, env=env),
        ):
            pass
        assert shown == []
    finally:
        server.shutdown()
        server.server_close()


def test_checks_turned_off_are_warned_of(
    front: tuple[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    env = {"ES_URL": front[0], "ES_VERIFY_CERTS": "false"}
    with (
        pytest.warns(InsecureRequestWarning),
        pytest.warns(SecurityWarning, match="insecure"),
        open_engine(tmp_path, env=env),
    ):
        pass
    assert "anyone on the way can read" in capsys.readouterr().err
