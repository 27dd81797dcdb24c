"""Differences between mappings."""

from bench.compare.mapping import field_rules, mapping_differences


def test_numbered_fields_with_one_rule_are_one_row():
    words = {f"simple_word_{i}": {"type": "long"} for i in range(63)}
    assert field_rules({"properties": words | {"path": {"type": "text"}}}) == {
        "simple_word_*": "long",
        "path": "text",
    }


def test_numbered_fields_with_different_rules_stay_apart():
    words = {"w_0": {"type": "long"}, "w_1": {"type": "integer", "doc_values": False}}
    assert field_rules({"properties": words}) == {
        "w_0": "long",
        "w_1": "integer, doc_values false",
    }


def test_multi_fields_objects_and_source_are_told():
    mapping = {
        "_source": {"excludes": ["w*"]},
        "properties": {
            "path": {"type": "text", "fields": {"keyword": {"type": "keyword"}}},
            "camera": {"properties": {"name": {"type": "keyword"}}},
        },
    }
    assert field_rules(mapping) == {
        "_source": 'excludes ["w*"]',
        "path": "text",
        "path.keyword": "keyword",
        "camera.name": "keyword",
    }


def test_only_differences_are_listed_and_absent_fields_are_empty():
    one = {"properties": {"a": {"type": "long"}, "b": {"type": "long"}}}
    two = {"properties": {"a": {"type": "long"}, "c": {"type": "text"}}}
    assert mapping_differences([one, two]) == {"b": ["long", ""], "c": ["", "text"]}
    assert mapping_differences([one, one]) == {}
