"""Spoilt pictures: the corpus is the same each time, and what may not become of a file is told."""

import pytest

from tests.faults.bad_images import BadFile, mutated_files, sign_corpus


@pytest.mark.slow
def test_the_corpus_is_the_same_for_the_same_seed():
    first, again, other = (
        [(file.name, file.data) for file in mutated_files(40, seed)] for seed in (3, 3, 4)
    )
    assert first == again
    assert [data for _, data in first] != [data for _, data in other]


@pytest.mark.parametrize(
    ("data", "outcomes", "says"),
    [(b"no picture", {"ok"}, "not a picture"), (b"", {"ok", "missing"}, "it is empty")],
)
def test_an_outcome_that_may_not_be_is_told_with_the_file(tmp_path, data, outcomes, says):
    file = BadFile("notes.png", "text", data, frozenset(outcomes))
    whole, fault = sign_corpus([file], tmp_path, workers=1)
    assert whole.ok
    assert not fault.ok
    assert "notes.png" in fault.happened
    assert says in fault.happened
