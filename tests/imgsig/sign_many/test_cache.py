"""What is known is not computed again; what was damaged is."""

import contextlib
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from imgsig import ConfigError, SignatureConfig, sign_many
from imgsig.image import MAX_PIXELS
from imgsig.sign_many import cache as cache_module
from imgsig.sign_many import sign_file as module
from imgsig.sign_many.cache import SignatureDatabase, content_key
from imgsig.sign_many.sign_file import Settings, sign_file


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "signatures.sqlite"


def test_a_second_call_computes_nothing(pictures, cache):
    first = list(sign_many(pictures, workers=2, cache=cache))
    second = list(sign_many(reversed(pictures), workers=2, cache=cache))
    assert not any(record.from_cache for record in first)
    assert all(record.from_cache for record in second)
    for one, other in zip(first, reversed(second), strict=True):
        np.testing.assert_array_equal(one.signature, other.signature)
        assert one.sha256 == other.sha256


def test_content_decides_not_the_name(pictures, cache, tmp_path):
    copy = tmp_path / "copy"
    copy.write_bytes(Path(pictures[0]).read_bytes())
    list(sign_many([pictures[0]], workers=1, cache=cache))
    copied, other = sign_many([copy, pictures[1]], workers=1, cache=cache)
    assert (copied.from_cache, other.from_cache) == (True, False)
    copy.write_bytes(Path(pictures[2]).read_bytes())
    (changed,) = sign_many([copy], workers=1, cache=cache)
    assert not changed.from_cache


def test_exact_and_fast_never_mix(pictures, cache):
    fast = SignatureConfig(decode="fast")
    sign_file(pictures[0], Settings(cache=cache))
    assert not sign_file(pictures[0], Settings(config=fast, cache=cache)).from_cache
    assert sign_file(pictures[0], Settings(config=fast, cache=cache)).from_cache


@pytest.mark.parametrize("column", ["signature", "seal"])
def test_a_damaged_entry_is_computed_again(pictures, cache, column):
    whole = sign_file(pictures[0], Settings(cache=cache))
    with sqlite3.connect(cache) as database:
        (values,) = database.execute(f"SELECT {column} FROM signature").fetchone()  # noqa: S608
        damaged = bytes([values[0] ^ 1]) + values[1:]
        database.execute(f"UPDATE signature SET {column} = ?", (damaged,))  # noqa: S608
    database.close()
    again = sign_file(pictures[0], Settings(cache=cache))
    assert not again.from_cache
    np.testing.assert_array_equal(again.signature, whole.signature)
    assert sign_file(pictures[0], Settings(cache=cache)).from_cache


def test_an_entry_moved_to_another_key_is_not_believed(pictures, cache):
    one, other = (sign_file(path, Settings(cache=cache)) for path in pictures[:2])
    keys = [content_key(r.sha256, SignatureConfig(), MAX_PIXELS) for r in (one, other)]
    with sqlite3.connect(cache) as database:
        row = database.execute("SELECT * FROM signature WHERE key = ?", keys[:1]).fetchone()
        database.execute("REPLACE INTO signature VALUES (?, ?, ?)", (keys[1], *row[1:]))
    database.close()
    assert not sign_file(pictures[1], Settings(cache=cache)).from_cache


def _database_of_another(path: Path, table: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE {table}")
        database.commit()


@pytest.mark.parametrize("table", ["", "letters (text)", "signature (key, ink)"])
def test_a_file_that_is_not_a_cache_is_left_untouched(cache, pictures, table):
    if table:
        _database_of_another(cache, table)
    else:
        cache.write_bytes(b"a letter, no database\n" * 500)
    before = cache.read_bytes()
    with pytest.raises(ConfigError, match=r"cannot be used as a cache.*left untouched.*another"):
        sign_many(pictures[:1], workers=1, cache=cache)
    assert cache.read_bytes() == before
    assert list(cache.parent.glob(f"{cache.name}*")) == [cache]


def test_failures_are_not_kept(cache, tmp_path, monkeypatch):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    for _ in range(2):
        record = sign_file(str(broken), Settings(cache=cache))
        assert (record.outcome, record.from_cache) == ("not a picture", False)

    def starved(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(module, "generate_signature", starved)
    assert sign_file(str(broken), Settings(cache=cache)).outcome == "out of memory"


def test_many_threads_share_one_file(cache):
    opened = SignatureDatabase(cache)

    def both(number: int) -> bool:
        signature = np.full(648, number % 3, np.int8)
        opened.put(str(number), signature)
        found = opened.get(str(number))
        return found is not None and bool((found == signature).all())

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(both, range(200)))
    opened.close()


def test_a_new_file_is_opened_by_many_at_once(tmp_path):
    def opened(path: Path) -> bool:
        together.wait()
        one = SignatureDatabase(path)
        one.put("key", np.zeros(648, np.int8))
        known = one.get("key") is not None
        one.close()
        return known

    together = Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        for number in range(40):
            assert all(threads.map(opened, [tmp_path / str(number)] * 8))


def test_a_database_that_stays_locked_is_said(cache, monkeypatch):
    monkeypatch.setattr(cache_module, "_PATIENCE", 0.1)
    with contextlib.closing(sqlite3.connect(cache)) as holder:
        holder.execute("CREATE TABLE other (value)")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            SignatureDatabase(cache)


def test_a_new_cache_is_of_its_user_alone(cache):
    before = os.umask(0)
    try:
        opened = SignatureDatabase(cache)
        opened.put("key", np.zeros(648, dtype=np.int8))
        modes = {path.name: path.stat().st_mode & 0o777 for path in cache.parent.iterdir()}
        opened.close()
    finally:
        os.umask(before)
    assert modes[cache.name] == 0o600
    assert set(modes.values()) == {0o600}
