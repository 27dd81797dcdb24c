"""Templates: escaped and strict."""

import base64

import pytest
from jinja2 import UndefinedError

from bench.report.template import embedded, render


def test_what_comes_from_outside_is_escaped_and_what_is_missing_is_an_error():
    row = {"index": "<script>", "warnings": [], "bytes_per_document": None, "smaller_by": None}
    numbers = ("documents", "store_bytes", "segments", "deleted", "shards", "replicas")
    values = {
        "rows": [row | dict.fromkeys(numbers, 1)],
        "differences": {},
        "fields": [],
        "figure": "",
    }
    page = render("compare.html.j2", when="now", version="8", **values)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    with pytest.raises(UndefinedError, match="version"):
        render("compare.html.j2", when="now", **values)


def test_embedded_figures_decode_to_what_was_drawn():
    assert base64.b64decode(embedded(b"<svg/>")) == b"<svg/>"
