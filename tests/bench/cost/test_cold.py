"""Cold: files leave the page cache, and the index comes back as it was."""

import ctypes
import mmap
import os
from pathlib import Path

import numpy as np
import pytest

from bench.cost.cold import drop_from_page_cache, index_folders, make_cold

linux = pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="needs posix_fadvise")


def resident_pages(path: Path) -> int:
    """Pages of a file that are in the page cache, as mincore(2) tells."""
    pages = -(-path.stat().st_size // mmap.PAGESIZE)
    found = (ctypes.c_ubyte * pages)()
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        start = (ctypes.c_char * len(mapped)).from_buffer(mapped)
        address = ctypes.c_void_p(ctypes.addressof(start))
        length = ctypes.c_size_t(len(mapped))
        assert ctypes.CDLL(None, use_errno=True).mincore(address, length, found) == 0
        del start
    return int((np.frombuffer(found, dtype=np.uint8) & 1).sum())


@linux
def test_files_leave_the_page_cache(tmp_path):
    path = tmp_path / "deep" / "file"
    path.parent.mkdir()
    path.write_bytes(bytes(1 << 20))
    assert resident_pages(path) == (1 << 20) // mmap.PAGESIZE
    assert drop_from_page_cache(tmp_path)
    assert resident_pages(path) < 8
    assert path.read_bytes() == bytes(1 << 20)
    assert not drop_from_page_cache(tmp_path / "nothing")


@pytest.mark.engine
def test_a_cold_index_holds_what_it_held(engine, loaded):
    client, index = engine.client, loaded.variants[0].index_name
    before = client.count(index=index)["count"]
    (folder,) = index_folders(client, index)
    assert any(folder.rglob("*.si"))
    assert make_cold(client, index) == ("cold" if hasattr(os, "posix_fadvise") else "reopened")
    assert client.count(index=index)["count"] == before


@pytest.mark.engine
def test_files_elsewhere_cannot_be_dropped(engine, loaded, monkeypatch):
    monkeypatch.setattr("bench.cost.cold.index_folders", lambda client, index: [])
    assert make_cold(engine.client, loaded.variants[0].index_name) == "reopened"
