"""Planted secrets, and where they turn up."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.engine import engine_status, open_engine
from bench.engine.folder import claim
from bench.engine.password import USER, write_password
from bench.runs.environment import ROOT
from tests.faults.fault import Fault
from tests.faults.hostile_names import give_hostile_names, names_in_pages
from tests.faults.planted import CommandLines, files_with, written_forms
from tests.faults.small_run import bench_env, only_run, run_bench, write_small_experiment

#: Of nobody: an embedded engine makes no keys.
KEY = "planted-key-5a1e77"
#: Of the engine's user.
PASSWORD = "planted:pass/91bc33"  # noqa: S105 (to be found nowhere)
#: Stands for the folder of the run that comes first.
RUN = "RUN"
WORDS = written_forms(KEY) | written_forms(PASSWORD, USER)

#: An error that nobody expects, in the midst of talking to a cluster.
CRASH = """\
import elastic_transport


def crash(*_, **__):
    raise ArithmeticError("planted crash")


elastic_transport.Transport.perform_request = crash
"""


def secret_faults(folder: Path) -> Iterator[Fault]:
    """Give credentials in every way, work, fail, and look for them in all that is left."""
    config = write_small_experiment(folder)
    give_hostile_names(folder / "pictures")
    left = folder / "left"
    left.mkdir()
    with claim(folder / "engine"):
        write_password(folder / "engine", PASSWORD)
    seen = CommandLines(WORDS)
    with (
        open_engine(folder / "engine", heap="512m", env=bench_env()) as engine,
        seen.watched(),
    ):
        codes = dict(_commands(folder, config, left, engine.url))
        logs = next(Path(one.folder) for one in engine_status() if one.url == engine.url) / "logs"
        found = [path.name for path in (*files_with(WORDS, left), *files_with(WORDS, logs))]
        count, logged = (
            sum(path.is_file() for path in folder.rglob("*")) for folder in (left, logs)
        )
    yield _unexpected(codes)
    yield Fault(
        "security",
        f"credentials in ES_API_KEY, ES_USER, ES_PASSWORD and ES_URL; {len(codes)} commands that "
        "work and that fail",
        "in no result, page, log or message",
        ", ".join(found)
        or f"in none of {count} files, output among them, and {logged} logs of the server",
        count > 30 and logged > 0 and not found,
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
    folder: Path, config: Path, left: Path, url: str
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Run them; for each what came and what should."""
    address = url.removeprefix("http://")
    key, password = {"ES_API_KEY": KEY}, {"ES_USER": USER, "ES_PASSWORD": PASSWORD}
    other = {"ES_USER": "nobody", "ES_PASSWORD": PASSWORD}
    run, results = ("run", config, "--results"), left / "results"
    indices = ("faults_array", "faults_column")
    crash = folder / "crash"
    crash.mkdir()
    (crash / "sitecustomize.py").write_text(CRASH, encoding="utf-8")
    crashing = {"PYTHONPATH": os.pathsep.join([str(crash), str(ROOT)])}
    with refusing() as refused:
        commands: list[tuple[tuple[str | Path, ...], Mapping[str, str], int]] = [
            ((*run, results), {"ES_URL": url, **password}, 0),
            (("report", RUN), {"ES_URL": url, **password}, 0),
            (("verify", RUN), {"ES_URL": url, **password}, 0),
            (("compare", *indices, "--json"), {"ES_URL": url, **password}, 0),
            (("engine", "status"), {"ES_URL": url, **key}, 0),
            (("compare", *indices), {"ES_URL": f"http://{USER}:{KEY}@{address}"}, 1),
            (("compare", "missing", *indices), {"ES_URL": url, **password}, 1),
            (("compare", *indices), {"ES_URL": url, **key}, 1),
            (("compare", *indices), {"ES_URL": url, **other}, 1),
            (("compare", *indices), {"ES_URL": "http://127.0.0.1:9", **key}, 1),
            (("compare", *indices), {"ES_URL": refused, **password}, 1),
            (("compare", *indices), {"ES_URL": refused, "ES_API_KEY": f"{KEY}\nX: y"}, 1),
            ((*run, left / "more"), {"ES_URL": refused, **key}, 1),
            (("compare", *indices), {"ES_URL": url, **password, **crashing}, 70),
        ]
        for number, (arguments, env, wanted) in enumerate(commands):
            given = [only_run(results) if one == RUN else one for one in arguments]
            done = run_bench(*given, env=env)
            (left / f"output {number}.txt").write_text(done.output, encoding="utf-8")
            yield f"{number} {arguments[0]}", (done.code, wanted)


def _unexpected(codes: Mapping[str, tuple[int, int]]) -> Fault:
    wrong = [f"{name}: exit {code}" for name, (code, wanted) in codes.items() if code != wanted]
    return Fault(
        "security",
        "credentials that are right, wrong, or for nobody",
        "commands work, or fail with the exit code they should",
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
