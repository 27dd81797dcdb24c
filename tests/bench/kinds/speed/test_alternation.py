"""Tools take turns, each as often first as any other."""

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bench.kinds.speed.alternation import time_tools, turns
from bench.kinds.speed.files import TimedFile
from bench.kinds.speed.peers.session import Answer


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
        return Answer(float(len(self.calls)), None)


def test_the_first_round_is_off_the_record():
    files = [TimedFile("a", Path("a.jpg"), 1.0), TimedFile("b", Path("b.jpg"), 2.0)]
    clock, done = Clock(), []
    table = time_tools(clock, ["x", "y"], files, 2, done.append)
    assert len(clock.calls) == sum(done) == 12
    assert table["seconds"].tolist() == [5, 6, 7, 8, 9, 10, 11, 12]
    assert table["repetition"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert table["tool"].tolist() == ["y", "x", "x", "y", "x", "y", "y", "x"]
    assert table["megapixels"].tolist() == [1, 1, 2, 2] * 2
