"""The library's cutoffs are those of the committed run."""

from tools.cutoffs import PATH, cutoffs_text


def test_the_table_is_that_of_the_committed_run():
    assert PATH.read_text(encoding="utf-8") == cutoffs_text(), "run 'python -m tools.cutoffs'"
