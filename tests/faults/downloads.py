"""Downloads that are cut, changed or interrupted, from a registry and a repository on loopback."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from bench.engine.folder import remove_tree
from tests.faults.fault import Fault
from tests.faults.small_run import Done, bench_env

FETCH_PICTURES = """\
import sys
from datasets.errors import DownloadError
from datasets.archives import Archive, fetch_archive
try:
    fetch_archive(Archive({name!r}, "1.0.0", sys.argv[1], 0.1, kind={kind!r}))
except DownloadError as error:
    sys.exit(f"imgsig-bench: {{error}}")
"""

FETCH_SERVER = """\
import sys
from datasets.cache import cache_dir
from bench.engine.catalog import Distribution
from bench.engine.distribution import server_home
from bench.engine.errors import DownloadError
try:
    server_home(cache_dir(), Distribution("opensearch", "1.0", sys.argv[1], 1, 17))
except DownloadError as error:
    sys.exit(f"imgsig-bench: {error}")
"""

#: What is downloaded: the code that does, and the last part of the address of its file.
FETCHED = {
    "a wheel of pictures": (
        FETCH_PICTURES.format(name="made-pictures", kind="wheel"),
        "made_pictures-1.0.0-py3-none-any.whl",
    ),
    "a tarball of npm": (
        FETCH_PICTURES.format(name="@made/pictures", kind="npm"),
        "pictures-1.0.0.tgz",
    ),
    "a Maven artifact": (
        FETCH_PICTURES.format(name="org.example:pictures", kind="maven"),
        "pictures-1.0.0.zip",
    ),
    "the server": (FETCH_SERVER, "opensearch-1.0.zip"),
}

#: What is done to it. A transfer that stalls is one whose process is killed meanwhile.
HARMS = ("cut", "changed", "withdrawn", "stalled")

ALONE = "said clearly, nothing is kept; the same once more works"
KILLED = "nothing is taken for whole; the same once more works, and nothing is left"


@dataclass
class Mirror:
    """What a server on loopback has, and what it does to it.

    Parameters
    ----------
    file : str
        Name of the one file.
    content : bytes
        Of it.
    harm : str
        One of `HARMS`; "" for none. What was withdrawn is not listed, nor is it there.
    stalled : threading.Event
        Set when half of the file was sent to somebody who waits for the rest.
    over : threading.Event
        Set when the server stops, which ends the wait.
    """

    file: str
    content: bytes
    harm: str = ""
    address: str = ""
    stalled: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> bytes | None:
        """The file, or a page of the registry that leads to it; None for what there is not."""
        if self.harm == "withdrawn":
            return None
        if path.endswith(f"/{self.file}"):
            middle = len(self.content) // 2
            changed = bytes([self.content[middle] ^ 1])
            if self.harm == "changed":
                return self.content[:middle] + changed + self.content[middle + 1 :]
            return self.content
        if path.startswith("/simple/made-pictures"):
            return f'<!DOCTYPE html><a href="/files/{self.file}">{self.file}</a>'.encode()
        if path.lower() == "/@made%2fpictures":
            return self._listed()
        return None

    def _listed(self) -> bytes:
        """What npm is told of a package."""
        dist = {
            "tarball": f"{self.address}/files/{self.file}",
            "integrity": f"sha512-{b64encode(hashlib.sha512(self.content).digest()).decode()}",
        }
        version = {"name": "@made/pictures", "version": "1.0.0", "dist": dist}
        listed = {"latest": "1.0.0"}
        package = {"name": "@made/pictures", "dist-tags": listed, "versions": {"1.0.0": version}}
        return json.dumps(package).encode()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve it on loopback."""
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = mirror.answer(self.path.partition("?")[0])
                self.send_response(404 if body is None else 200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(body or b"")))
                self.end_headers()
                if body is None or self.command == "HEAD":
                    return
                if mirror.harm in {"cut", "stalled"} and self.path.endswith(mirror.file):
                    self.wfile.write(body[: len(body) // 2])
                    self.close_connection = True
                    if mirror.harm == "stalled":
                        mirror.stalled.set()
                        mirror.over.wait(60)
                else:
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            self.address = f"http://127.0.0.1:{server.server_port}"
            yield self.address
        finally:
            self.over.set()
            server.shutdown()
            server.server_close()


def made_archive(file: str) -> bytes:
    """An archive of some hundred kilobytes that passes for what its name says."""
    made = io.BytesIO()
    if file.endswith(".tgz"):
        listed = json.dumps({"name": "@made/pictures", "version": "1.0.0"}).encode()
        content = np.random.default_rng(0).bytes(400_000)
        with tarfile.open(fileobj=made, mode="w:gz") as tar:
            for name, data in (("package.json", listed), ("a.png", content)):
                member = tarfile.TarInfo(f"package/{name}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        return made.getvalue()
    top = "made_pictures-1.0.0.dist-info" if file.endswith(".whl") else file.removesuffix(".zip")
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            f"{top}/METADATA", "Metadata-Version: 2.1\nName: made-pictures\nVersion: 1.0.0\n"
        )
        archive.writestr(f"{top}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{top}/LICENSE.txt", "licence " * 50_000)
    return made.getvalue()


def download_fault(what: str, code: str, mirror: Mirror, cache: Path) -> Fault:
    """Download with a harm, and once more without."""
    command = [sys.executable, "-c", code, hashlib.sha256(mirror.content).hexdigest()]
    killed = mirror.harm == "stalled"
    with mirror.serving() as address:
        env = bench_env(
            {
                "IMGSIG_BENCH_CACHE": str(cache),
                "IMGSIG_BENCH_MAVEN": address,
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_INDEX_URL": f"{address}/simple",
                "PIP_EXTRA_INDEX_URL": "",
                "PIP_NO_CACHE_DIR": "1",
                "PIP_RETRIES": "0",
                "npm_config_registry": address,
                "npm_config_fetch_retries": "0",
                "npm_config_userconfig": os.devnull,
                "NO_PROXY": "127.0.0.1",
                "no_proxy": "127.0.0.1",
            }
        )
        first = _start(command, env, mirror if killed else None)
        kept = _kept(cache)
        mirror.harm, harm = "", mirror.harm
        then = _start(command, env, None)
    left = [path for path in _kept(cache) if path.name.endswith((".part", ".download", ".partial"))]
    whole = then.code == 0 and len(_kept(cache)) == 1 and not left
    remove_tree(cache)
    happened = "killed" if killed else f"exit {first.code}: {first.message}"
    if kept and not killed:
        happened += f"; {kept[0].name} is kept"
    happened += "; then it came whole" if whole else f"; then exit {then.code}: {then.message}"
    clear = killed or (
        first.code == 1 and "again" in first.output and "Traceback" not in first.output and not kept
    )
    done = {
        "stalled": "SIGKILL in the middle of a download of",
        "withdrawn": "withdrawn from its registry:",
    }.get(harm, f"{harm} in transfer:")
    return Fault("disk", f"{done} {what}", KILLED if killed else ALONE, happened, clear and whole)


def _start(command: list[str], env: dict[str, str], stalling: Mirror | None) -> Done:
    """Run to the end, or to the middle of a transfer that stalls, where it is killed."""
    process = subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    if stalling is not None:
        deadline = time.monotonic() + 60
        while not stalling.stalled.wait(0.05) and process.poll() is None:
            if time.monotonic() > deadline:
                break
        process.kill()
    output, _ = process.communicate(timeout=120)
    return Done(process.returncode, output)


def _kept(cache: Path) -> list[Path]:
    """What is in the cache of wheels and servers, apart from locks."""
    return [path for path in cache.glob("*/*") if path.suffix != ".lock"]
