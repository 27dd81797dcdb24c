"""The page of faults can be read again, whatever is said in it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.faults.fault import Fault
from tests.faults.table import describe_run, page, read_page

#: Lines are put into one, so words are separated by one blank.
TEXT = st.text(st.sampled_from("ab|<>*_`[]\\\\-:é.#"), min_size=1).map(
    lambda text: " ".join(text.split()) or "x"
)
RUN = describe_run("a", "2026-01-01", 90)
FAULTS = st.builds(Fault, st.just("a"), TEXT, TEXT, TEXT, st.booleans())


@given(faults=st.lists(FAULTS, min_size=1, max_size=4))
def test_it_is_read_as_it_was_written(tmp_path_factory, faults):
    path = tmp_path_factory.mktemp("page") / "faults.md"
    of_b = [Fault("b", "killed", "goes on", "so it is", True)]
    runs = {name: replace(RUN, group=name) for name in "ab"}
    path.write_text(page({"a": faults, "b": of_b}, runs))
    assert read_page(path) == ({"a": faults, "b": of_b}, runs)


def test_what_is_said_cannot_break_the_table():
    fault = Fault("a", "b", "c", "x | y\n<script> *z*", False)
    text = page({"a": [fault]}, {"a": replace(describe_run("a", "2026-01-01", 60), commit="c0")})
    assert "| a | b | c | x \\| y \\<script\\> \\*z\\* | NO |" in text
    assert "0 of 1 as expected" in text
    assert "| a | 2026-01-01 | 1.0 minutes | c0 |" in text


def test_no_page_has_no_faults(tmp_path):
    assert read_page(tmp_path / "none.md") == ({}, {})
