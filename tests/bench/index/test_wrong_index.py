"""Only an index that is known to be wrong is forgotten."""

import pytest
from elastic_transport import ConnectionError as TransportConnectionError

from bench.index.storage import forget_index, forgotten_if_wrong
from bench.runs.errors import IndexStateError, MeasurementError, WrongIndexError

MARKERS = ["loaded.json", "storage.json"]


@pytest.fixture
def folder(tmp_path):
    for name in (*MARKERS, "timings.parquet"):
        (tmp_path / name).touch()
    return tmp_path


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_wrong_index_is_forgotten_and_said(folder):
    with pytest.raises(MeasurementError, match="it is wrong"), forgotten_if_wrong(folder):
        raise WrongIndexError("it is wrong")
    assert left(folder) == ["timings.parquet"]
    forget_index(folder)  # what is forgotten already is no error


def test_hits_of_an_index_that_is_gone_confirm_nothing_of_the_next(folder):
    for name in ("confirmed.json", "confirmed-count-3.json"):
        (folder / name).touch()
    forget_index(folder)
    assert left(folder) == ["timings.parquet"]


@pytest.mark.parametrize(
    "error",
    [
        KeyboardInterrupt(),
        TransportConnectionError("gone"),
        MeasurementError("a partial answer is no result"),
        IndexStateError("red"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_error_says_nothing_about_the_index(folder, error):
    with pytest.raises(type(error)), forgotten_if_wrong(folder):
        raise error
    assert left(folder) == [*MARKERS, "timings.parquet"]


def test_no_error_forgets_nothing(folder):
    with forgotten_if_wrong(folder):
        pass
    assert left(folder) == [*MARKERS, "timings.parquet"]
