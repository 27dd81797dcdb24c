"""Differences between mappings."""

from bench.compare.mapping import field_rules, mapping_differences


def words(count, kind="long", **others):
    fields = {f"w_{i}": {"type": kind} for i in range(count)}
    return {"properties": fields | {name: {"type": other} for name, other in others.items()}}


def test_numbered_fields_that_all_differ_alike_are_one_row():
    assert mapping_differences([words(63), words(63, "integer")]) == {"w_*": ["long", "integer"]}
    assert mapping_differences([words(63), words(0)]) == {"w_*": ["long", ""]}


def test_numbered_fields_of_which_an_index_has_fewer_are_told():
    assert mapping_differences([words(63), words(32)]) == {"w_32 and 30 more w_*": ["long", ""]}
    assert mapping_differences([words(32), words(33)]) == {"w_32": ["", "long"]}


def test_one_numbered_field_that_differs_is_told_alone():
    assert mapping_differences([words(4), words(4, w_2="keyword")]) == {"w_2": ["long", "keyword"]}


def test_numbered_fields_that_differ_in_two_ways_are_two_rows():
    other = words(2, "integer", w_2="keyword", w_3="keyword")
    assert mapping_differences([words(4), other]) == {
        "w_0 and 1 more w_*": ["long", "integer"],
        "w_2 and 1 more w_*": ["long", "keyword"],
    }


def test_a_rule_has_all_that_is_said_of_a_field():
    fields = {"w_0": {"type": "long"}, "w_1": {"type": "integer", "doc_values": False}}
    assert field_rules({"properties": fields}) == {
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
