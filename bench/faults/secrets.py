"""Planted secrets and hostile file names, and where they turn up."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.engine import open_engine
from bench.faults.fault import Fault
from bench.faults.planted import CommandLines, files_with, written_forms
from bench.faults.setting import Setting
from bench.faults.small_run import bench_env, run_bench, write_small_experiment

USER = "planted-user-3c0d"
KEY = "planted-key-5a1e77"
PASSWORD = "planted:pass/91bc33"  # noqa: S105 (to be found nowhere)
WORDS = written_forms(KEY) | written_forms(PASSWORD, USER)

#: Names that pages must show as text. What each would do if it were not: call ``planted()``.
HOSTILE = (
    "<img src=x onerror=planted(1)>.png",
    '"><svg onload=planted(2)>.png',
    "' onfocus='planted(3)' autofocus='.png",
    "javascript:planted(4).png",
    "{{7*7}}{% raise planted %}.png",
    "</script><script>planted(5)<!--.png".replace("/", "\u2215"),
    "\u202egnp.exe planted.png",
    "two\nlines planted.png",
)


def secret_faults(setting: Setting) -> Iterator[Fault]:
    """Give credentials in every way, work, fail, and look for them in all that is left.

    Parameters
    ----------
    setting : Setting
        Its folder gets everything.

    Yields
    ------
    Fault
    """
    config = write_small_experiment(setting.folder)
    pictures = sorted((setting.folder / "pictures").iterdir())
    for path, name in zip(pictures, HOSTILE, strict=False):
        path.rename(path.with_name(name))
    left = setting.folder / "left"
    left.mkdir()
    seen = CommandLines(WORDS)
    with (
        open_engine(setting.folder / "engine", heap="512m", env=bench_env()) as engine,
        seen.watched(),
    ):
        codes = dict(_commands(setting, config, left, engine.url))
    yield _unexpected(codes)
    found = [path.relative_to(left) for path in files_with(WORDS, left)]
    count = sum(path.is_file() for path in left.rglob("*"))
    yield Fault(
        "security",
        f"credentials in ES_API_KEY, ES_USER, ES_PASSWORD and ES_URL; {len(codes)} commands that "
        "work and that fail",
        "in no result, page, log or message",
        ", ".join(map(str, found)) or f"in none of {count} files, output among them",
        count > 30 and not found,
    )
    yield Fault(
        "security",
        "the same",
        "in no command line of any process",
        "; ".join(sorted(seen.found)) or f"in none, {seen.looks} looks",
        seen.looks > 10 and not seen.found,
    )
    yield names_in_pages(left / "results")


def _commands(
    setting: Setting, config: Path, left: Path, url: str
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Run them; for each what came and what should."""
    address = url.removeprefix("http://")
    key, password = {"ES_API_KEY": KEY}, {"ES_USER": USER, "ES_PASSWORD": PASSWORD}
    run = ("run", config, "--results", left / "results")
    indices = ("faults_array", "faults_column")
    with refusing() as refused:
        commands: list[tuple[tuple[str | Path, ...], Mapping[str, str], int]] = [
            (run, {"ES_URL": url, **key}, 0),
            (("compare", *indices, "--json"), {"ES_URL": url, **password}, 0),
            (("engine", "status"), {"ES_URL": url, **key}, 0),
            (("compare", *indices), {"ES_URL": f"http://{USER}:planted-key-5a1e77@{address}"}, 1),
            (("compare", "missing", *indices), {"ES_URL": url, **key}, 1),
            (("compare", *indices), {"ES_URL": "http://127.0.0.1:9", **key}, 1),
            (("compare", *indices), {"ES_URL": refused, **password}, 1),
            (("compare", *indices), {"ES_URL": refused, "ES_API_KEY": f"{KEY}\nX: y"}, 1),
            ((*run[:2], "--results", left / "more"), {"ES_URL": refused, **key}, 1),
        ]
        for number, (arguments, env, wanted) in enumerate(commands):
            setting.advance(f"{arguments[0]} with credentials")
            done = run_bench(*arguments, env=env)
            (left / f"output {number}.txt").write_text(done.output, encoding="utf-8")
            yield f"{number} {arguments[0]}", (done.code, wanted)


def _unexpected(codes: Mapping[str, tuple[int, int]]) -> Fault:
    wrong = [f"{name}: exit {code}" for name, (code, wanted) in codes.items() if code != wanted]
    return Fault(
        "security",
        "credentials that are right, wrong, or for nobody",
        "commands work, or fail with exit 1",
        ", ".join(wrong) or "so they did",
        not wrong,
    )


@contextmanager
def refusing() -> Iterator[str]:
    """An address at which all credentials are wrong."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown = self.headers.get("authorization", "")
            body = f'{{"error":{{"type":"security_exception","reason":"{shown}"}},"status":401}}'
            self.send_response(401)
            self.send_header("content-type", "application/json")
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body.encode())

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 (http.server's names)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Pages(HTMLParser):
    """Finds elements and attributes in which a hostile name became more than text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.offences: list[str] = []
        self.shown = 0
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script" and dict(attrs).get("type") != "application/json"
        for name, value in attrs:
            calls = "planted(" in (value or "")
            links = name in ("href", "src", "action") and (value or "").startswith("javascript:")
            if (name.startswith("on") and calls) or links:
                self.offences.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if "planted" in data and self._in_script and data.strip().startswith("planted("):
            self.offences.append(f"<script> {data.strip()[:60]}")
        if "planted(" in data and not self._in_script:
            self.shown += 1
        if "49{%" in data:
            self.offences.append("a template was evaluated")


def names_in_pages(folder: Path) -> Fault:
    """Read pages of results as a browser does, and look what became of hostile names.

    Parameters
    ----------
    folder : Path
        Of a run on pictures with the names `HOSTILE`.

    Returns
    -------
    Fault
    """
    offences, shown, pages = [], 0, sorted(folder.rglob("*.html"))
    for page in pages:
        parser = _Pages()
        parser.feed(page.read_text(encoding="utf-8"))
        offences += [f"{page.name}: {offence}" for offence in parser.offences]
        shown += parser.shown
    return Fault(
        "security",
        f"a run on pictures with names such as {HOSTILE[0]}",
        "pages show them as text",
        ", ".join(offences[:5]) or f"shown as text {shown} times on {len(pages)} pages",
        bool(pages) and shown > 0 and not offences,
    )
