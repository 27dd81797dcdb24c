"""The page of a comparison."""

from bench.compare.indices import Compared
from bench.compare.page import comparison_page
from bench.index.storage import IndexSize

FIELDS = {"simple_word_0": {"points": 4000, "doc_values": 3000}, "_source": {"stored_fields": 900}}


def compared(index, fields, kind="long"):
    size = IndexSize(10, 2, 1, 1, 0, 9000, 55)
    mappings = {"properties": {"simple_word_0": {"type": kind}}}
    return Compared(index, size, mappings, fields, (f"beware of <{index}>",))


def test_page_shows_sizes_warnings_differences_and_bars():
    page = comparison_page([compared("one", FIELDS), compared("two", FIELDS, "integer")], "8.18.0")
    assert "beware of &lt;one&gt;" in page
    assert ">integer<" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "points" in page
    assert "http://" not in page
    assert "https://" not in page


def test_page_without_analysis_says_how_to_ask_for_it():
    page = comparison_page([compared("one", None)], "8.18.0")
    assert "--analyze" in page
    assert "data:image" not in page


def test_an_index_whose_fields_are_unknown_is_named_and_has_no_bar():
    page = comparison_page([compared("one", FIELDS), compared("two", None)], "8.18.0")
    assert "Unknown of two;" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "Unknown of" not in comparison_page([compared("one", FIELDS)], "8.18.0")
