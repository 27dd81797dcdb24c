"""Benchmarks as collections."""

import os
import pickle
import shutil

import pytest

from datasets import DatasetError, open_collection
from datasets.published import BENCHMARKS

FILES = ("jpg/100000.jpg", "jpg/100001.jpg", "distractors/a.jpg")


@pytest.fixture
def root(write):
    return write(*FILES)


def test_a_specification_opens_it(root):
    collection = open_collection(f"holidays:{root}")
    assert collection.name == f"holidays:{root}"
    assert [original.id for original in collection.originals] == list(FILES)
    assert collection.photograph("jpg/100001.jpg").source == "holidays"


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_folder_that_is_not_there_and_tiles_are_refused(name):
    with pytest.raises(DatasetError, match=f"{name}: there is no folder /no/such/place"):
        open_collection(f"{name}:/no/such/place")
    with pytest.raises(DatasetError, match="without tiles"):
        open_collection(f"{name}:/no/such/place", tiles=[96])
    with pytest.raises(DatasetError, match=f"or '{name}:PATH'"):
        open_collection(f"{name}:")


def test_workers_open_pictures_without_the_list_of_them(root):
    collection = open_collection(f"holidays:{root}")
    sent = pickle.dumps(collection.pictures())
    assert b"100001" not in sent
    pictures = pickle.loads(sent)  # noqa: S301 - our own bytes
    data = (root / "jpg/100001.jpg").read_bytes()
    assert pictures.read_bytes("jpg/100001.jpg") == collection.read_bytes("jpg/100001.jpg") == data
    assert pictures.open("jpg/100001.jpg").size == (8, 6)


def test_what_is_no_file_cannot_be_read(root):
    os.mkfifo(root / "jpg/100002.jpg")
    (root / "jpg/100003.jpg").symlink_to(root / "nowhere.jpg")
    collection = open_collection(f"holidays:{root}")
    assert len(collection.documents) == 5
    with pytest.raises(OSError, match="not a regular file"):
        collection.read_bytes("jpg/100002.jpg")
    with pytest.raises(FileNotFoundError):
        collection.read_bytes("jpg/100003.jpg")


def test_the_hash_is_of_names_sizes_and_ground_truth_alone(root, tmp_path):
    def digest(path):
        manifest = open_collection(f"holidays:{path}").manifest()
        assert [photo["id"] for photo in manifest["photographs"]] == list(FILES)
        return manifest["sha256"]

    copy = shutil.copytree(root, tmp_path / "copy")
    assert digest(copy) == digest(root)
    with (copy / FILES[1]).open("ab") as file:
        file.write(b"x")
    assert digest(copy) != digest(root)
