"""Tools run in their own environments, and what fails says so."""

import numpy as np
import pytest

from bench.kinds.speed.oracle import FIXTURE
from bench.peers.session import open_session
from bench.runs.errors import MeasurementError
from imgsig import generate_signature

pytestmark = pytest.mark.slow

PICTURE = FIXTURE / "MonaLisa_Wikipedia.jpg"


def test_every_tool_answers_with_its_time_and_value(session, tmp_path):
    expected = generate_signature(PICTURE).tolist()
    assert session.call("exact", PICTURE, value=True).value == expected
    assert session.call("image-match", PICTURE, value=True).value == expected
    fast = generate_signature(PICTURE, decode="fast").tolist()
    assert session.call("fast", PICTURE, value=True).value == fast
    assert len(session.call("pHash", PICTURE, value=True).value) == 16
    answer = session.call("decode", PICTURE)
    assert answer.value is None
    assert 0 < answer.seconds < 10


def test_a_grey_array_has_one_signature_whoever_makes_it(session, tmp_path):
    path = tmp_path / "grey.npy"
    np.save(path, np.random.default_rng(3).random((90, 120)))
    theirs, ours = (
        session.call(tool, path, value=True).value
        for tool in ("image-match, array", "exact, array")
    )
    assert theirs == ours == generate_signature(np.load(path)).tolist()


@pytest.mark.parametrize("tool", ["image-match", "exact"])
def test_a_tool_that_fails_names_itself_and_the_file(session, tmp_path, tool):
    path = tmp_path / "empty.jpg"
    path.write_bytes(b"")
    with pytest.raises(MeasurementError, match=rf"{tool} failed at .*empty\.jpg"):
        session.call(tool, path)


def test_a_worker_that_has_ended_is_an_error():
    with open_session() as opened:
        opened._ours.kill()
        opened._ours.wait()
        with pytest.raises(MeasurementError, match="the process of exact ended"):
            opened.call("exact", PICTURE)
