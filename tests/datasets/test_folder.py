"""A user's own pictures."""

import os
import pickle
import shutil

import numpy as np
import pytest
from PIL import Image

from datasets import DatasetError, open_collection
from imgsig.file_names import named_file, written_name


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    root = tmp_path / "pictures"
    (root / "sub folder").mkdir(parents=True)
    for name in ("b.png", "a.jpg", "sub folder/c.webp", "sub folder/d.gif"):
        pixels = rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(root / name)
    (root / "copy of b.png").write_bytes((root / "b.png").read_bytes())
    (root / "notes.jpg").write_text("no picture")
    (root / "cut.jpg").write_bytes((root / "a.jpg").read_bytes()[:300])
    (root / "loop").symlink_to(root, target_is_directory=True)
    return root


def test_every_picture_is_found_once_and_the_rest_is_listed(folder):
    collection = open_collection(f"folder:{folder}")
    names = [photo.id for photo in collection.photographs]
    assert names == ["a.jpg", "b.png", "copy of b.png", "sub folder/c.webp", "sub folder/d.gif"]
    assert {file.file for file in collection.unreadable} == {"notes.jpg", "cut.jpg"}
    assert all(file.reason for file in collection.unreadable)
    assert len(collection.originals) == 5


def test_equal_files_share_a_group(folder):
    groups = {photo.id: photo.group for photo in open_collection(f"folder:{folder}").photographs}
    assert groups["b.png"] == groups["copy of b.png"]
    assert groups["a.jpg"] != groups["b.png"]


def test_tiles_when_asked_for(folder):
    collection = open_collection(f"folder:{folder}", tiles=[40])
    tiles = [original for original in collection.originals if original.box]
    assert len(tiles) == 5 * 2
    assert tiles[0].id == "a.jpg@0,0,40,40"


def test_collections_can_be_sent_to_workers(folder):
    collection = open_collection(f"folder:{folder}", tiles=[40])
    again = pickle.loads(pickle.dumps(collection))  # noqa: S301 - our own bytes
    assert again.manifest() == collection.manifest()
    assert again.open("b.png").tobytes() == collection.open("b.png").tobytes()
    assert again.read_bytes("b.png") == (folder / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("folder:/no/such/place", "no folder"),
        ("folder:", "'pictures\\+wknd-3.1' or 'folder:PATH'"),
        ("foto", "'pictures\\+wknd-3.1' or 'folder:PATH'"),
    ],
)
def test_what_is_no_collection_is_said(spec, message):
    with pytest.raises(DatasetError, match=message):
        open_collection(spec)


def test_a_folder_without_pictures_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(DatasetError, match=r"a\.txt"):
        open_collection(f"folder:{tmp_path}")


def test_broken_links_pipes_and_odd_names_are_told(folder):
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    os.mkfifo(folder / "pipe.png")
    odd = os.path.join(os.fsencode(folder), b"caf\xe9.png")  # noqa: PTH118 - bytes, no text
    shutil.copy(folder / "b.png", odd)
    collection = open_collection(f"folder:{folder}")
    assert {"gone.png", "pipe.png"} <= {file.file for file in collection.unreadable}
    assert collection.open("caf\\xe9.png").size == (80, 60)
    (photo,) = (photo for photo in collection.photographs if photo.id.startswith("caf"))
    assert photo.id == written_name(os.fsdecode(b"caf\xe9.png"))
    assert collection.manifest()["sha256"]


def test_two_names_that_look_alike_are_two_photographs(folder):
    shutil.copy(folder / "a.jpg", folder / "caf\\xe9.jpg")
    shutil.copy(folder / "b.png", os.fsdecode(os.fsencode(folder) + b"/caf\xe9.jpg"))
    collection = open_collection(f"folder:{folder}")
    names = [photo.id for photo in collection.photographs if photo.id.startswith("caf")]
    assert names == ["caf\\x5cxe9.jpg", "caf\\xe9.jpg"]
    assert [named_file(name) for name in names] == ["caf\\xe9.jpg", os.fsdecode(b"caf\xe9.jpg")]
    assert collection.read_bytes(names[0]) == (folder / "a.jpg").read_bytes()
    assert collection.read_bytes(names[1]) == (folder / "b.png").read_bytes()


def test_the_hash_does_not_depend_on_how_the_path_is_spelled(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    spellings = (f"folder:{folder}", f"folder:{folder.name}")
    hashes = {open_collection(spec, tiles=[40]).manifest()["sha256"] for spec in spellings}
    assert len(hashes) == 1
    assert hashes != {open_collection(f"folder:{folder}").manifest()["sha256"]}


@pytest.mark.parametrize("tiles", [[0], [-5], [15], [50, 50]])
def test_impossible_tiles_are_refused(folder, tiles):
    with pytest.raises(DatasetError, match="tiles must be distinct sides"):
        open_collection(f"folder:{folder}", tiles=tiles)


def test_many_equal_files_can_be_cut_at_once(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path / "cache"))
    for number in range(24):
        shutil.copy(folder / "b.png", folder / f"again {number}.png")
    collection = open_collection(f"folder:{folder}", tiles=[20])
    assert len(collection.originals) == 29 + 29 * 12


def test_postscript_is_listed_as_unreadable_not_interpreted(folder, monkeypatch):
    Image.new("RGB", (8, 8)).save(folder / "page.png", "eps")
    called = []
    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", lambda *_, **__: called.append("gs"))
    reasons = {file.file: file.reason for file in open_collection(f"folder:{folder}").unreadable}
    assert "none of AVIF" in reasons["page.png"]
    assert called == []


def test_a_folder_of_blank_pages_is_refused(tmp_path):
    for number, level in enumerate((255, 250)):
        Image.new("L", (60, 80), level).save(tmp_path / f"page{number}.png")
    with pytest.raises(DatasetError, match=r"is blank \(page0\.png, for one\).*add pictures"):
        open_collection(f"folder:{tmp_path}")
    Image.linear_gradient("L").save(tmp_path / "page9.png")
    assert len(open_collection(f"folder:{tmp_path}").photographs) == 3
