"""Downloads from loopback that go wrong; `make faults` injects the same."""

import pytest

from tests.faults.downloads import FETCHED, Mirror, download_fault, made_archive

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("what", "harm", "says"),
    [
        ("a wheel of pictures", "cut", "with the hash it must have"),
        ("a wheel of pictures", "stalled", "killed"),
        ("the server", "changed", "its SHA-256 is"),
        ("the server", "stalled", "killed"),
    ],
)
def test_nothing_of_it_is_kept_and_once_more_works(tmp_path, what, harm, says):
    code, file = FETCHED[what]
    fault = download_fault(what, code, Mirror(file, made_archive(file), harm), tmp_path / "cache")
    assert fault.ok, fault.happened
    assert says in fault.happened
    assert fault.happened.endswith("then it came whole")
    assert not (tmp_path / "cache").exists()
