"""The types that dynamic mapping gives, and old mappings as they are written today."""

import json

import pytest

from bench.migrate.dynamic_mapping import DynamicMapping, as_now, read_mapping
from bench.runs.errors import ExperimentError

TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}


def mapping_of(*values):
    found = DynamicMapping()
    for value in values:
        found.add({"x": value})
    return found.properties().get("x")


@pytest.mark.parametrize(
    ("values", "mapping"),
    [
        ([3, [4, 5]], {"type": "long"}),
        ([3, 0.5], {"type": "float"}),
        ([True, None, []], {"type": "boolean"}),
        (["a", "2016-03-04"], TEXT),
        (["2016"], TEXT),
        (["2016-13-04"], TEXT),
        (["2016-03-04T12:34:56.123456", "2016-03-04"], {"type": "date"}),
        (["2016-03-04T12:34:56+01:00"], {"type": "date"}),
        (
            ["2016/03/04"],
            {"type": "date", "format": "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"},
        ),
        ([None, []], None),
        ([3, "a"], {"conflict": ["long", "text"]}),
        ([2**63], {"conflict": ["integer beyond 64 bits"]}),
        ([{"a": 1}, [{"a": 2}]], {"properties": {"a": {"type": "long"}}}),
        ([{"a": 1}, "a"], {"conflict": ["object", "text"]}),
        ([{"a.b": 1}], {"properties": {"a": {"properties": {"b": {"type": "long"}}}}}),
        ([{}], {"properties": {}}),
    ],
)
def test_types_are_those_of_dynamic_mapping(values, mapping):
    assert mapping_of(*values) == mapping


@pytest.mark.engine
def test_the_engine_maps_the_same(engine, index_name):
    document = {
        "long": 3,
        "float": 0.5,
        "flag": True,
        "text": "a",
        "year": "2016",
        "day": "2016-03-04",
        "time": "2016-03-04T12:34:56.123456",
        "short": "2016-03",
        "slashed": "2016/03/04 12:34:56",
        "object": {"a": [{"b": 1}, {"b": 2}], "c.d": "x"},
    }
    engine.client.index(index=index_name, document=document)
    found = DynamicMapping()
    found.add(document)
    there = engine.client.indices.get_mapping(index=index_name)[index_name]["mappings"]
    slashed = there["properties"]["slashed"]
    if engine.name == "elasticsearch":
        slashed.pop("locale")  # of all languages
    else:  # the first of its formats, by which it is printed anyway
        assert slashed.pop("print_format") == slashed["format"].partition("||")[0]
    assert found.properties() == there["properties"]


OLD = {"properties": {"tenant": {"type": "string", "index": "not_analyzed", "norms": {}}}}


@pytest.mark.parametrize(
    "content",
    [
        {"tester": {"mappings": {"image": OLD}}},
        {"tester": {"mappings": OLD}},
        {"other": {"mappings": {"_default_": {}, "image": OLD}}},
        {"mappings": OLD},
        OLD,
    ],
)
def test_a_mapping_is_found_wherever_it_is(tmp_path, content):
    file = tmp_path / "mapping.json"
    file.write_text(json.dumps(content))
    assert read_mapping(file, "tester") == {"tenant": {"type": "keyword"}}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": {}, "b": {}}'])
def test_what_is_no_mapping_is_told(tmp_path, text):
    file = tmp_path / "mapping.json"
    file.write_text(text)
    with pytest.raises(ExperimentError, match="--mapping"):
        read_mapping(file, "tester")


def test_old_types_become_those_of_today():
    raw = {"raw": {"type": "string", "index": "not_analyzed", "ignore_above": 256}}
    assert as_now({"type": "string", "analyzer": "mine", "fields": raw}) == {
        "type": "text",
        "fields": {"raw": {"type": "keyword", "ignore_above": 256}},
    }
    assert as_now({"type": "long", "index": "no", "doc_values": False}) == {
        "type": "long",
        "index": False,
        "doc_values": False,
    }
    assert as_now({"dynamic": "false", "properties": {"a": {"type": "string"}}}) == {
        "dynamic": "false",
        "properties": {"a": {"type": "text"}},
    }
