"""Tools take turns, each as often first as any other."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bench.kinds.speed.alternation import TimedFile, time_tools, timed_files, turns
from bench.kinds.speed.config import Goal
from bench.peers.session import ToolResult
from datasets import open_collection
from imgsig.image import grey_levels


@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 8))
def test_every_file_is_signed_by_all_tools_before_the_next(count, files, repetitions):
    tools = [f"tool {n}" for n in range(count)]
    order = list(turns(tools, files, repetitions))
    assert len(order) == count * files * (repetitions + 1)
    for start in range(0, len(order), count):
        turn = order[start : start + count]
        assert len({(one.repetition, one.file) for one in turn}) == 1
        assert sorted(one.tool for one in turn) == tools
        assert [one.place for one in turn] == list(range(count))
    for file in range(files):
        firsts = Counter(one.tool for one in order if one.file == file and one.place == 0)
        counts = [firsts[tool] for tool in tools]
        assert max(counts) - min(counts) <= 1


class Clock:
    """Takes as many seconds as calls were made before."""

    def __init__(self):
        self.calls = []

    def call(self, tool, path, *, value=False):
        self.calls.append((tool, path.name))
        return ToolResult(float(len(self.calls)), None)


def test_the_first_round_is_off_the_record():
    files = [TimedFile("a", Path("a.jpg"), 1.0), TimedFile("b", Path("b.jpg"), 2.0)]
    clock, done = Clock(), []
    table = time_tools(clock, ["x", "y"], files, 2, done.append)
    assert len(clock.calls) == sum(done) == 12
    assert table["seconds"].tolist() == [5, 6, 7, 8, 9, 10, 11, 12]
    assert table["repetition"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert table["tool"].tolist() == ["y", "x", "x", "y", "x", "y", "y", "x"]
    assert table["megapixels"].tolist() == [1, 1, 2, 2] * 2


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    noise = np.random.default_rng(2).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    Image.fromarray(noise).save(folder / "a.jpg", quality=80)
    Image.fromarray(noise).save(folder / "b.png")
    return open_collection(f"folder:{folder}").pictures()


def test_photographs_come_as_they_are_or_scaled(pictures, tmp_path):
    goal = Goal(
        title="t",
        tool="exact",
        made=[64, 48],
        photographs=[
            {"photo": "a.jpg"},
            {"photo": "a.jpg", "megapixels": 0.0216},
            {"photo": "b.png"},
        ],
    )
    made, as_it_is, scaled, stored = timed_files(goal, pictures, tmp_path)
    assert as_it_is.path.read_bytes() == pictures.read_bytes("a.jpg")
    assert (made.name, scaled.name) == ("made 64×48", "a.jpg as 180×120")
    assert scaled.megapixels == 0.0216
    for file, size in ((made, (64, 48)), (scaled, (180, 120)), (stored, (90, 60))):
        with Image.open(file.path) as picture:
            assert (picture.format, picture.size) == ("JPEG", size)
    again = next(timed_files(goal, pictures, tmp_path / "again"))
    assert again.path.read_bytes() == made.path.read_bytes()


def test_arrays_are_the_grey_levels_of_the_picture(pictures, tmp_path):
    goal = Goal(title="t", tool="exact, array", photographs=[{"photo": "a.jpg"}])
    (file,) = timed_files(goal, pictures, tmp_path)
    expected = grey_levels(pictures.read_bytes("a.jpg"))
    assert expected.dtype == np.float64
    assert (np.load(file.path) == expected).all()
