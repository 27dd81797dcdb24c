"""The proxy does what its rules say, to the requests they name, and to no other."""

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.faults.http_proxy import Exchange, Proxy, Rule, proxy_of


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Before a server that says what it was sent, as JSON."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            said = json.dumps({"method": self.command, "target": self.path, "body": body}).encode()
            self.send_response(201)
            self.send_header("x-kept", "yes")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_PUT = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        with proxy_of(f"http://127.0.0.1:{server.server_port}") as made:
            yield made
        server.shutdown()


def ask(proxy: Proxy, method: str = "GET", target: str = "/a?b=c", body: str = "") -> tuple:
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=5)
    try:
        connection.request(method, target, body or None)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_without_rules_all_passes_and_is_recorded(proxy):
    status, headers, body = ask(proxy, "PUT", "/a?b=c", "sent")
    assert (status, headers["x-kept"]) == (201, "yes")
    assert json.loads(body) == {"method": "PUT", "target": "/a?b=c", "body": "sent"}
    assert proxy.exchanges == [Exchange("PUT", "/a?b=c", b"sent", 201)]
    assert proxy.injected == 0


def test_a_rule_is_about_some_of_the_requests_it_names(proxy):
    proxy.use(Rule(r"GET /a", 2, 2, status=429, body={"no": 1}), Rule("PUT", status=500))
    assert [ask(proxy)[0] for _ in range(4)] == [201, 429, 429, 201]
    assert [ask(proxy, target="/b")[0], ask(proxy, "PUT")[0], ask(proxy, "PUT")[0]] == [
        201,
        500,
        201,
    ]
    assert proxy.injected == 3
    assert [one.status for one in proxy.exchanges] == [201, 429, 429, 201, 201, 500, 201]


def test_answers_are_made_up_and_rewritten(proxy):
    proxy.use(
        Rule("/a", status=200, body="<html>"), Rule("/b", rewrite=lambda said: said["method"])
    )
    _, headers, body = ask(proxy)
    assert (headers["content-type"], body) == ("text/html", b"<html>")
    assert "x-elastic-product" not in headers
    assert ask(proxy, target="/b")[2] == b'"GET"'


@pytest.mark.parametrize(("reset", "recorded"), [("before", 0), ("after", 201)])
def test_connections_are_reset(proxy, reset, recorded):
    proxy.use(Rule("", reset=reset))
    with pytest.raises(ConnectionResetError):
        ask(proxy)
    assert proxy.exchanges[0].status == recorded
    assert ask(proxy)[0] == 201


def test_a_request_is_kept_back_until_it_is_delivered(proxy):
    proxy.use(Rule("", reset="late"), Rule("", also=proxy.deliver))
    asked: list[str] = []
    proxy.keep_back(lambda: asked.append("first"))
    with pytest.raises(ConnectionResetError):
        ask(proxy)
    assert asked == []
    assert ask(proxy)[0] == 201
    assert asked == ["first"]
    proxy.deliver()
    assert asked == ["first"]


def test_it_waits_for_a_request_whose_client_has_given_up(proxy):
    proxy.use(Rule("", delay=0.5))
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=0.1)
    connection.request("PUT", "/late")
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert proxy.exchanges == []
    proxy.settle()
    assert proxy.exchanges == [Exchange("PUT", "/late", b"", 201)]


def test_answers_are_cut(proxy):
    proxy.use(Rule("", keep=7))
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(proxy)
    assert len(cut.value.partial) == 7


def test_something_is_done_before_the_server_is_asked(proxy):
    known: list[int] = []
    proxy.use(Rule("", also=lambda: known.append(len(proxy.exchanges))))
    ask(proxy)
    assert known == [0]
