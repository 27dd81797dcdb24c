"""A proxy on loopback that misbehaves as it is told, and records what passes through it.

On the standard library: proxies that are kept well (mitmproxy) pin the versions of what the harness
runs on, and those that only delay or cut connections (toxiproxy) know no HTTP.
"""

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

#: Headers of a request or an answer that are of one connection, or made anew.
_OF_CONNECTION = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}
_PRODUCT = "x-elastic-product"
_JSON = {"content-type": "application/json", _PRODUCT: "Elasticsearch"}


@dataclass(frozen=True)
class Rule:
    """Which requests something is done to, and what.

    Parameters
    ----------
    request : str
        Regular expression that is found in ``METHOD /path?query``.
    first, times : int
        From which such request on, counted from 1, and how many of them; None is all.
    status : int, optional
        Answered, instead of asking the server.
    body : str, bytes or dict
        Of that answer; a dict is JSON, bytes are said to be, and a str is a page of somebody else.
    names_itself : bool
        Whether that JSON is in Elasticsearch's name, by a header that no other engine sends.
    rewrite : callable, optional
        From the JSON that the server answered to that which is passed on.
    delay : float
        Seconds before anything is done.
    reset : {"before", "after", "late"}, optional
        Cut the connection (RST), before or after the server was asked. "late" keeps the request
        back: the server is asked when `Proxy.deliver` is called.
    keep : int, optional
        Bytes of the body that are passed on before the connection is cut.
    also : callable, optional
        Called before anything is done.
    """

    request: str
    first: int = 1
    times: int | None = 1
    status: int | None = None
    body: str | bytes | dict[str, Any] = ""
    names_itself: bool = True
    rewrite: Callable[[Any], Any] | None = None
    delay: float = 0.0
    reset: Literal["before", "after", "late"] | None = None
    keep: int | None = None
    also: Callable[[], object] | None = None


@dataclass(frozen=True)
class Exchange:
    """A request, and the status that it was answered with (0: none)."""

    method: str
    target: str
    body: bytes
    status: int


@dataclass
class Proxy:
    """Where the proxy is, what it does, and what it has seen."""

    url: str
    rules: Sequence[Rule] = ()
    exchanges: list[Exchange] = field(default_factory=list)
    injected: int = 0
    _late: list[Callable[[], object]] = field(default_factory=list)
    _seen: dict[int, int] = field(default_factory=dict)
    _under_way: int = 0
    _lock: threading.Condition = field(default_factory=threading.Condition)

    def use(self, *rules: Rule) -> None:
        """Follow these rules from now on, and forget what has been seen."""
        self.settle()
        with self._lock:
            self.rules, self.injected, self._seen = rules, 0, {}
            self.exchanges.clear()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Count a request as under way meanwhile."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._lock.notify_all()

    def settle(self) -> None:
        """Wait for what is under way: a client that has given up does not recall its request."""
        with self._lock:
            if not self._lock.wait_for(lambda: not self._under_way, timeout=60):
                raise TimeoutError(f"{self._under_way} requests are under way for a minute")

    def keep_back(self, asked: Callable[[], object]) -> None:
        """Ask the server only when `deliver` is called."""
        with self._lock:
            self._late.append(asked)

    def deliver(self) -> None:
        """Pass on what was kept back, after everything that was sent since."""
        with self._lock:
            late, self._late = self._late, []
        for asked in late:
            asked()

    def rule_for(self, request: str) -> Rule | None:
        """The first rule that is about this request, counted."""
        with self._lock:
            for number, rule in enumerate(self.rules):
                if not re.search(rule.request, request):
                    continue
                seen = self._seen[number] = self._seen.get(number, 0) + 1
                if seen >= rule.first and (rule.times is None or seen < rule.first + rule.times):
                    self.injected += 1
                    return rule
        return None


@contextmanager
def proxy_of(upstream: str) -> Iterator[Proxy]:
    """Stand between a client and the server at `upstream` (http, without credentials)."""
    parts = urlsplit(upstream)
    address = str(parts.hostname), int(parts.port or 80)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def pass_on(self) -> None:
            with proxy.under_way():
                self.pass_one_on()

        def pass_one_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            rule = proxy.rule_for(f"{self.command} {self.path}") or Rule("")
            if rule.also is not None:
                rule.also()
            time.sleep(rule.delay)
            status, headers, answer = 0, dict(_JSON), b""
            if rule.status is not None:
                status = rule.status
                if not rule.names_itself:
                    del headers[_PRODUCT]
                if isinstance(rule.body, str):
                    headers, answer = {"content-type": "text/html"}, rule.body.encode()
                elif isinstance(rule.body, bytes):
                    answer = rule.body
                else:
                    answer = json.dumps(rule.body).encode()
            elif rule.reset == "late":
                proxy.keep_back(partial(self.ask, body))
            elif rule.reset != "before":
                status, headers, answer = self.ask(body)
            proxy.exchanges.append(Exchange(self.command, self.path, body, status))
            if not status or rule.reset is not None:
                self.cut()
                return
            if rule.rewrite is not None:
                answer = json.dumps(rule.rewrite(json.loads(answer))).encode()
            self.send_response_only(status)
            for name, value in {**headers, "content-length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else answer[: rule.keep])
            if rule.keep is not None:
                self.close_connection = True

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815

        def ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            server = HTTPConnection(*address, timeout=600)
            sent = {k: v for k, v in self.headers.items() if k.lower() not in _OF_CONNECTION}
            try:
                server.request(self.command, self.path, body or None, sent)
                answer = server.getresponse()
                kept = {k: v for k, v in answer.getheaders() if k.lower() not in _OF_CONNECTION}
                return answer.status, kept, answer.read()
            except (OSError, HTTPException):
                return 0, {}, b""
            finally:
                server.close()

        def cut(self) -> None:
            # Closing a socket that lingers for no time sends RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing: what passed is in `Proxy.exchanges`."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def shutdown_request(self, request: Any) -> None:
            self.close_request(request)  # no FIN before the RST

        def handle_error(self, *_: object) -> None:
            """A client that has gone away is what some rules are for."""

    with Server(("127.0.0.1", 0), Handler) as server:
        proxy = Proxy(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield proxy
            proxy.settle()
        finally:
            server.shutdown()
