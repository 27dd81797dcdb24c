"""Fetched with the real Maven client, from a small repository on loopback."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.engine.archive import remove_tree
from bench.engine.distribution import Distribution, server_home
from bench.engine.errors import DownloadError

Answering = Callable[[Callable[[str, str], tuple[int, dict[str, str], bytes]]], str]


def made_zip(top: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{top}/config/jvm.options", "-Xms1g\n")
        archive.writestr(f"{top}/LICENSE.txt", "licence " * 1000)
    return made.getvalue()


GOOD = made_zip("server-1.0")
WANTED = Distribution("org.example", "server", "1.0", hashlib.sha256(GOOD).hexdigest())
PATH = "/org/example/server/1.0/server-1.0.zip"


class Repository:
    """Counts requests for the archive and answers with what it is told."""

    def __init__(self, answering: Answering) -> None:
        self.requests: list[str] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, GOOD)
        self.env = {"IMGSIG_BENCH_MAVEN": answering(self._answer) + "/"}

    def _answer(self, _method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        self.requests.append(path)
        return self.answer if path == PATH else (404, {}, b"")


@pytest.fixture
def repository(answering: Answering) -> Repository:
    return Repository(answering)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def leftovers(cache: Path) -> list[str]:
    return [path.name for path in (cache / "elasticsearch").iterdir() if path.suffix != ".lock"]


def test_fetched_once_and_then_without_network(cache: Path, repository: Repository) -> None:
    home = server_home(cache, WANTED, repository.env)
    assert (home / "config" / "jvm.options").read_text() == "-Xms1g\n"
    assert repository.requests.count(PATH) == 1
    asked = len(repository.requests)
    nowhere = {"IMGSIG_BENCH_MAVEN": "http://127.0.0.1:9"}
    assert server_home(cache, WANTED, nowhere) == home
    assert len(repository.requests) == asked
    assert len(leftovers(cache)) == 1
    remove_tree(cache)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, {}, GOOD[:-1] + b"x"), "SHA-256"),
        ((200, {}, made_zip("other-1.0")), "SHA-256"),
        ((200, {"content-length": str(len(GOOD) + 5)}, GOOD), "could not be fetched"),
        ((404, {}, b""), "could not be fetched"),
        ((500, {}, b""), "could not be fetched"),
        ((0, {}, b""), "could not be fetched"),
    ],
    ids=["tampered", "another", "truncated", "missing", "broken", "hung-up"],
)
def test_what_goes_wrong_leaves_nothing_and_a_retry_works(
    cache: Path, repository: Repository, answer: tuple[int, dict[str, str], bytes], says: str
) -> None:
    repository.answer = answer
    with pytest.raises(DownloadError, match=says):
        server_home(cache, WANTED, repository.env)
    assert leftovers(cache) == []
    repository.answer = (200, {}, GOOD)
    assert server_home(cache, WANTED, repository.env).is_dir()
    remove_tree(cache)


def test_an_unsafe_archive_is_refused_though_its_checksum_is_right(
    cache: Path, repository: Repository
) -> None:
    evil = made_zip("..")
    wanted = Distribution("org.example", "server", "1.0", hashlib.sha256(evil).hexdigest())
    repository.answer = (200, {}, evil)
    with pytest.raises(DownloadError, match="leads out of"):
        server_home(cache, wanted, repository.env)
    assert leftovers(cache) == []


def test_what_a_killed_run_left_is_not_taken_for_whole(cache: Path, repository: Repository) -> None:
    entry = cache / "elasticsearch" / f"1.0-{WANTED.sha256[:12]}"
    (entry.with_name(entry.name + ".partial") / "home" / "config").mkdir(parents=True)
    half = entry.with_name(entry.name + ".download") / PATH.lstrip("/")
    half.parent.mkdir(parents=True)
    half.write_bytes(GOOD[:50])
    assert (server_home(cache, WANTED, repository.env) / "LICENSE.txt").is_file()
    assert leftovers(cache) == [entry.name]
    remove_tree(cache)


def test_a_damaged_cache_is_fetched_again(
    cache: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    licence = server_home(cache, WANTED, repository.env) / "LICENSE.txt"
    licence.chmod(0o644)
    licence.write_text("cut")
    assert server_home(cache, WANTED, repository.env) == licence.parent
    assert licence.read_text().startswith("licence licence")
    assert "damaged" in capsys.readouterr().err
    remove_tree(cache)
