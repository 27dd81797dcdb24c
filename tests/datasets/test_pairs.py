"""A user's own pairs: read, checked line by line, and searched for."""

import pytest
from numpy.random import default_rng
from PIL import Image

from datasets import DatasetError, open_collection
from datasets.queries import plan_queries
from datasets.transforms import transform_set


@pytest.fixture
def folder(tmp_path):
    for number, name in enumerate(("a", "b", "c", "a-small", "d")):
        pixels = default_rng(number).integers(0, 256, (40, 60, 3), dtype="uint8")
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    return tmp_path


def write(folder, *lines: str):
    (folder / "pairs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_pairs_are_queries_of_one_scene_with_their_matches(folder):
    write(folder, "query,match,how", "a-small.png,a.png,half size", "a-small.png,c.png,")
    collection = open_collection(f"folder:{folder}")
    (pair,) = collection.pairs
    assert (pair.query, pair.matches, pair.how) == (
        "a-small.png",
        ("a.png", "c.png"),
        "half size",
    )
    groups = {photo.id: photo.group for photo in collection.photographs}
    assert groups["a.png"] == groups["a-small.png"] == groups["c.png"] != groups["b.png"]
    assert not collection.unreadable
    plan = plan_queries(
        collection, transform_set("quick"), documents=None, queries=0, natural="all"
    )
    indexed = [collection.originals[place].id for place in plan.database]
    assert sorted(indexed) == ["a.png", "b.png", "c.png", "d.png"]
    assert [query.n_right for query in plan.queries] == [2]


def test_pairs_are_part_of_what_a_folder_is(folder):
    without = open_collection(f"folder:{folder}").manifest()["sha256"]
    write(folder, "query,match", "a-small.png,a.png")
    assert open_collection(f"folder:{folder}").manifest()["sha256"] != without


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["query,picture", "a.png,b.png"], "line 1: there is no column match"),
        (["query,match", "a.png,b.png", "a.png,e.png"], "line 3: 'e.png' is no picture"),
        (["query,match", "a.png"], "line 2: '' is no picture"),
        (["query,match", "a.png,a.png"], "line 2: 'a.png' is paired with itself"),
        (["query,match", "a.png,b.png", "", "a.png,b.png"], "line 4: .* are there twice"),
        (["query,match", "a.png,b.png", "c.png,a.png"], "line 3: 'a.png' is a match here and a qu"),
        (["query,match"], "names no pair"),
        (["query,match", '"a.png,b.png'], "line 2: unexpected end of data"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder, lines, message):
    with pytest.raises(DatasetError, match=message):
        open_collection(f"folder:{write(folder, *lines)}")


def test_another_encoding_is_said(folder):
    (folder / "pairs.csv").write_bytes("query,match\né.png,a.png\n".encode("latin-1"))
    with pytest.raises(DatasetError, match="must be CSV in UTF-8"):
        open_collection(f"folder:{folder}")
