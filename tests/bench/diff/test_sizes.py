"""Bytes a document of indices of the same name."""

import pandas as pd
import pytest

from bench.diff.sizes import compare_sizes, sizes_of
from bench.runs.folder import RunFolder


def test_indices_of_the_same_name_are_compared():
    a = pd.Series({"one": 100.0, "gone": 5.0, "two": 80.0})
    table = compare_sizes(a, pd.Series({"two": 60.0, "one": 110.0, "new": 1.0}))
    assert table["index"].to_list() == ["one", "two"]
    assert table["ratio"].to_list() == pytest.approx([1.1, 0.75])


def test_sizes_are_store_over_documents_by_all_that_names_an_index(tmp_path):
    folder = RunFolder(tmp_path)
    rows = {"engine": ["E 1", "E 2", "E 3"], "variant": ["a", "a", "a"], "documents": 10}
    folder.write_table("indices", pd.DataFrame({**rows, "store_bytes": [50.0, 70.0, None]}))
    assert sizes_of(folder, "engines").to_dict() == {"E 1, a": 5, "E 2, a": 7}
    assert sizes_of(folder, "codecs").empty
