"""Which fields are passed on, and how."""

import json

import pytest

from bench.migrate.fields import choose_fields, kept_bytes
from bench.runs.errors import ExperimentError
from imgsig.layouts import get_layout


def test_image_match_fields_are_kept_by_themselves(as_source, records):
    fields = choose_fields(as_source(records()))
    assert fields.kept == ("metadata", "timestamp")
    dropped = choose_fields(as_source(records()), drop=["timestamp"])
    assert (dropped.kept, dropped.dropped) == (("metadata",), ("timestamp",))


def test_other_fields_must_be_decided_about(as_source, records):
    documents = records()
    documents[3]["url"] = "https://example.org"  # in one document, and in no mapping
    source = as_source(documents)
    with pytest.raises(ExperimentError, match=r"does not write: url.*--keep url"):
        choose_fields(source)
    assert "url" in choose_fields(source, keep=["url"]).kept
    assert "url" not in choose_fields(source, drop=["url"]).kept
    with pytest.raises(ExperimentError, match="both kept and dropped"):
        choose_fields(source, keep=["url"], drop=["url"])
    with pytest.raises(ExperimentError, match="path is always migrated"):
        choose_fields(source, drop=["url", "path"])
    with pytest.raises(ExperimentError, match=r"--keep simple_word_3: .* always migrated"):
        choose_fields(source, keep=["url", "simple_word_3"])
    with pytest.raises(ExperimentError, match=r"how it is searched.* not by words of it: long"):
        choose_fields(source, drop=["url"], searchable=["path"])


def test_without_source_fields_are_json_text(as_source, records):
    fields = choose_fields(as_source(records()), searchable=["metadata"])
    layout, (document, *_) = get_layout("tagged_column"), records()
    mapped = {"type": "keyword"}
    stored = {"type": "text", "index": False, "store": True}
    assert fields.properties(layout, {"metadata": mapped}) == {
        "metadata": mapped,
        "metadata_json": stored,
        "timestamp_json": stored,
    }
    values = fields.values(layout, document)
    assert json.loads(values["metadata_json"]) == values["metadata"] == document["metadata"]
    assert set(values) == {"metadata", "metadata_json", "timestamp_json"}


def test_json_text_keeps_what_elasticsearch_would_replace(as_source, records):
    name = "caf\udce9 été 😀"
    document = {**records()[0], "metadata": {name: [name]}}
    fields = choose_fields(as_source([document]))
    text = fields.values(get_layout("tagged_column"), document)["metadata_json"]
    assert "été 😀" in text
    assert text.encode()
    assert json.loads(text) == document["metadata"]
    assert kept_bytes(fields, [document]) > 0


def test_an_object_that_stays_searchable_takes_new_fields(as_source, records):
    fields = choose_fields(as_source(records()), searchable=["metadata"])
    mapped = {"properties": {"n": {"type": "long"}}}
    found = fields.properties(get_layout("tagged_column"), {"metadata": mapped})
    assert found["metadata"] == {"dynamic": True, **mapped}


def test_with_source_fields_are_as_they_were(as_source, records):
    fields = choose_fields(as_source(records()))
    layout, (document, other, *_) = get_layout("integer_filtered"), records()
    off = {"type": "object", "enabled": False}
    assert fields.properties(layout, {}) == {"metadata": off, "timestamp": off}
    assert fields.values(layout, document)["metadata"] == document["metadata"]
    assert set(fields.values(layout, other)) == {"timestamp"}


def test_a_name_of_the_layout_is_refused(as_source, records):
    documents = [{**one, "w7": 1} for one in records()]
    fields = choose_fields(as_source(documents), keep=["w7"])
    with pytest.raises(ExperimentError, match="'short_names' has a field of that name"):
        fields.properties(get_layout("short_names"), {})
    with pytest.raises(ExperimentError, match="no mapping of it"):
        choose_fields(as_source(documents), searchable=["w7"]).properties(
            get_layout("integer_filtered"), {}
        )


def test_kept_bytes_are_those_of_json(as_source):
    documents = [{"path": "a", "metadata": "é"}, {"path": "b"}]
    fields = choose_fields(as_source(documents))
    assert kept_bytes(fields, documents) == len('{"metadata":"é"}'.encode()) / 2
