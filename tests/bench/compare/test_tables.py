"""A comparison as rows, CSV, tables and a page."""

import csv
import io

import pytest

from bench.compare.indices import Compared
from bench.compare.tables import (
    analysed_sizes,
    comparison_csv,
    comparison_page,
    comparison_rows,
    family_table,
    field_table,
)
from bench.index.storage import IndexSize


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


FIELDS = {
    "simple_word_0": {"points": 100},
    "simple_word_1": {"points": 60},
    "mp3": {"doc_values": 40},
}


def test_numbered_fields_are_one_family_and_unknown_is_not_zero():
    known = [compared("a", 10, 1000, FIELDS), compared("b", 20, 800, {"_id": {"points": 20}})]
    table = family_table([*known, compared("c", 10, 900)])
    assert table.index.tolist() == [
        ("simple_word_*", "points"),
        ("mp3", "doc_values"),
        ("_id", "points"),
    ]
    assert table["a"].tolist() == [16, 4, 0]
    assert table["b"].tolist() == [0, 0, 1]
    assert table["c"].isna().all()
    assert family_table([compared("c", 10, 900)]).empty
    assert analysed_sizes([*known, compared("c", 10, 900)]).to_dict() == {"a": 100, "b": 40}


def test_rows_and_csv_have_bytes_by_field():
    both = [compared("a", 10, 1000, FIELDS), compared("c", 10, 900)]
    assert [row["field_bytes"] for row in comparison_rows(both)] == [FIELDS, None]
    first, second = csv.DictReader(io.StringIO(comparison_csv(both)))
    assert (first["simple_word_*:points"], second["simple_word_*:points"]) == ("16.0", "")
    assert "field_bytes" not in first


ANALYSED = {
    "simple_word_0": {"points": 4000, "doc_values": 3000},
    "_source": {"stored_fields": 900},
}


def warned(index, fields, kind="long"):
    size = IndexSize(10, 2, 1, 1, 0, 9000, 55)
    mappings = {"properties": {"simple_word_0": {"type": kind}}}
    return Compared(index, size, mappings, fields, (f"beware of <{index}>",))


def test_page_shows_sizes_warnings_differences_and_bars():
    page = comparison_page([warned("one", ANALYSED), warned("two", ANALYSED, "integer")], "8.18.0")
    assert "beware of &lt;one&gt;" in page
    assert ">integer<" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "points" in page
    assert "http://" not in page
    assert "https://" not in page


def test_page_without_analysis_says_how_to_ask_for_it():
    page = comparison_page([warned("one", None)], "8.18.0")
    assert "--analyze" in page
    assert "data:image" not in page


def test_an_index_whose_fields_are_unknown_is_named_and_has_no_bar():
    page = comparison_page([warned("one", ANALYSED), warned("two", None)], "8.18.0")
    assert "Unknown of two;" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "Unknown of" not in comparison_page([warned("one", ANALYSED)], "8.18.0")
