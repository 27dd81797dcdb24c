"""What runs differ in, and what is said before anything is compared."""

import re

import pytest

from bench.diff.changes import cautions, changes

ENGINE = {"name": "elasticsearch", "version": "9.2.4", "lucene": "10.3.2", "url": "http://a"}


def manifest(**changed):
    told = {
        "config": {"variants": [{"index": "one", "N": 63}], "search": {"size": 100}},
        "code": {"commit": "abc"},
        "engine": ENGINE,
        "machine": {"system": "Linux", "processor": "x", "cores": 2, "memory_bytes": 8},
        "dataset": {"collection": "photos", "sha256": "1", "documents": 20_000},
    }
    return told | changed


def test_a_change_is_named_by_its_path_and_by_the_index():
    config = {
        "variants": [{"index": "more", "N": 1}, {"index": "one", "N": 64}],
        "search": {"size": 100},
    }
    other = manifest(config=config, engine=ENGINE | {"url": "http://b", "lucene": "10.1.0"})
    rows = {
        row["what"]: (row["a"], row["b"]) for row in changes(manifest(), other).to_dict("records")
    }
    assert rows == {
        "config.variants.one.N": ("63", "64"),
        "config.variants.more": ("–", '{"N":1,"index":"more"}'),
        "engine.lucene": ("10.3.2", "10.1.0"),
    }


def test_equal_runs_have_neither_changes_nor_cautions():
    assert changes(manifest(), manifest()).empty
    assert cautions(manifest(), manifest()) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"engine": ENGINE | {"name": "opensearch", "version": "3.3.2"}},
            r"Elasticsearch 9\.2\.4 \(Lucene 10\.3\.2\), B on OpenSearch 3\.3\.2",
        ),
        ({"engine": ENGINE | {"lucene": None}}, "Lucene not told"),
        ({"engine": {}, "engines": [ENGINE, ENGINE | {"version": "9.0.0"}]}, "9.2.4 .*, .* 9.0.0"),
        (
            {"dataset": {"collection": "photos", "sha256": "2", "documents": 20_000}},
            "B of another state of photos",
        ),
        (
            {"dataset": {"collection": "photos", "sha256": "1", "documents": 500}},
            "A has 20,000 documents, B 500",
        ),
        (
            {"machine": {"system": "Linux", "processor": "y", "cores": 2, "memory_bytes": 9}},
            r"machines differ \(processor, memory\)",
        ),
    ],
)
def test_what_is_not_alike_is_said(changed, said):
    (caution,) = cautions(manifest(), manifest(**changed))
    assert re.search(said, caution)
