"""A comparison as rows, CSV and field table."""

import csv
import io

import pytest

from bench.compare.indices import Compared
from bench.compare.tables import comparison_csv, comparison_rows, field_table
from bench.storage import IndexSize


def compared(index, documents, store, fields=None, warnings=()):
    size = IndexSize(documents, 0, 1, 1, 0, store, 55)
    return Compared(index, size, {}, fields, warnings)


def test_rows_are_relative_to_the_first():
    first, second = comparison_rows([compared("a", 10, 1000), compared("b", 10, 250)])
    assert (first["bytes_per_document"], first["smaller_by"]) == (100, 1)
    assert (second["bytes_per_document"], second["smaller_by"]) == (25, 4)


def test_csv_has_a_line_an_index():
    text = comparison_csv([compared("a", 10, 1000, warnings=("x", "y")), compared("b", 0, 250)])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["index"] for row in rows] == ["a", "b"]
    assert rows[0]["warnings"] == "x; y"
    assert rows[1]["bytes_per_document"] == ""


def test_field_table_is_sorted_by_index_then_size():
    fields = {"w": {"points": 100, "doc_values": 300}, "_id": {"stored_fields": 20}}
    table = field_table([compared("b", 10, 1000, fields), compared("a", 10, 900, fields)])
    assert table["index"].tolist() == ["b"] * 3 + ["a"] * 3
    assert table["bytes_per_document"].tolist()[:3] == pytest.approx([30, 10, 2])
    assert field_table([compared("b", 10, 1000)]).empty
