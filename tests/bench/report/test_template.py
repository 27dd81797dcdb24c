"""Templates: escaped and strict."""

import base64
import hashlib
import html
import re

import pytest
from jinja2 import UndefinedError

from bench.report.plot_library import library_code
from bench.report.template import render


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
    assert page.count("<script>") == 1  # that of the tables
    assert "&lt;script&gt;" in page
    with pytest.raises(UndefinedError, match="version"):
        render("compare.html.j2", when="now", **values)


def test_only_scripts_of_this_package_may_run_and_nothing_is_fetched():
    manifest = {"title": "made", "name": "made", "finished": "2026-01-02", "config_text": "",
                "engine": {"elasticsearch": "8"}, "code": {"commit": None, "dirty": None},
                "machine": {}, "dataset": {}}  # fmt: skip
    for live in (False, True):
        page = render(
            "evidence.html.j2",
            live=live,
            manifest=manifest,
            sentences=[],
            cautions=[],
            pictures=[],
            listings=[],
        )
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
        policy = html.unescape(policy)
        scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
        scripts += [library_code()] if live else []
        assert len(scripts) == (3 if live else 1)
        for script in scripts:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        assert policy.count("sha256-") == len(scripts)
        assert ("'unsafe-eval'" in policy) == live
        assert "default-src 'none'" in policy
