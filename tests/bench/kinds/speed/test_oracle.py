"""Signatures beside image-match's own."""

from itertools import chain

import pytest

from bench.kinds.speed.oracle import compare_signatures, golden_pictures, made_pictures
from bench.peers.session import ToolResult
from bench.runs.errors import MeasurementError

pytestmark = pytest.mark.slow


def test_signatures_are_those_of_image_match(session):
    done = []
    pictures = chain(golden_pictures(), made_pictures(36))
    table = compare_signatures(session, pictures, done.append)
    assert len(table) == sum(done) == 29 + 36
    assert (table["values"] == 648).all()
    assert (table["different"] == 0).all()


class Other:
    """Answers with signatures of its own."""

    def __init__(self, ours):
        self.ours = ours

    def call(self, tool, path, *, value):
        return ToolResult(0.001, [0, 1, 2] if tool == "image-match" else self.ours)


def test_differences_are_counted_and_lengths_must_agree():
    table = compare_signatures(Other([0, 2, 1]), [("a.png", b"x")])
    assert table.to_dict("records") == [{"picture": "a.png", "values": 3, "different": 2}]
    with pytest.raises(MeasurementError, match="3 values and 2"):
        compare_signatures(Other([0, 2]), [("a.png", b"x")])
