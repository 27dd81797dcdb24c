"""Which values doc values and stored fields give back as they were sent."""

import pytest

from bench.migrate.columns import column_of, with_column

KEYWORD = {"type": "keyword"}
TEXT = {"type": "text", "store": True}
DATE = {"type": "date"}


@pytest.mark.parametrize(
    ("mapping", "value", "held"),
    [
        (KEYWORD, "é", True),
        (KEYWORD, 3, False),
        (KEYWORD, None, False),
        (KEYWORD, "caf\udce9", False),
        (KEYWORD, ["a", "b"], True),
        (KEYWORD, ["b", "a"], False),
        (KEYWORD, ["a", "a"], False),
        (KEYWORD, ["a"], False),
        (KEYWORD, [], False),
        ({**KEYWORD, "ignore_above": 3}, "abc", True),
        ({**KEYWORD, "ignore_above": 3}, "abcd", False),
        (TEXT, "b" * 70_000, True),
        (TEXT, ["b", "a", "b"], True),
        (TEXT, 7, False),
        ({"type": "long"}, 2**63 - 1, True),
        ({"type": "long"}, 2**63, False),
        ({"type": "byte"}, -128, True),
        ({"type": "byte"}, -129, False),
        ({"type": "long"}, 3.0, False),
        ({"type": "long"}, "3", False),
        ({"type": "long"}, True, False),
        ({"type": "long"}, [1, 1, 2], True),
        ({"type": "long"}, [2, 1], False),
        ({"type": "float"}, 0.5, True),
        ({"type": "float"}, 9.99, False),
        ({"type": "float"}, 1e300, False),
        ({"type": "double"}, 9.99, True),
        ({"type": "double"}, 3, False),
        ({"type": "boolean"}, False, True),
        ({"type": "boolean"}, "true", False),
        (DATE, "2016-03-04T12:34:56.123Z", True),
        (DATE, "2016-03-04T12:34:56.123456", False),
        (DATE, "2016-03-04", False),
        ({**DATE, "format": "yyyy"}, "2016-03-04T12:34:56.123Z", False),
        ({"type": "ip"}, "10.0.0.1", True),
        ({"type": "ip"}, ["9.0.0.1", "10.0.0.2"], True),
        ({"type": "ip"}, ["10.0.0.2", "9.0.0.1"], False),  # they come back by address
        ({"type": "ip"}, ["10.0.0.2", "10.0.0.2"], False),
        ({"type": "ip"}, "::1", False),
    ],
)
def test_a_column_holds_what_comes_back_as_it_was(mapping, value, held):
    assert column_of(mapping).holds(value) == held


@pytest.mark.parametrize(
    "mapping",
    [
        {"type": "text"},
        {"type": "geo_point"},
        {"type": "flattened"},
        {"enabled": False},
        {"type": "keyword", "doc_values": False},
        {"type": "keyword", "normalizer": "lowercase"},
    ],
)
def test_other_fields_give_nothing_back(mapping):
    assert column_of(mapping) is None


def test_what_has_no_doc_values_is_stored_if_it_can_be():
    assert with_column({"type": "text"}) == TEXT
    hidden = {"type": "keyword", "doc_values": False}
    assert with_column(hidden) == {**hidden, "store": True}
    for mapping in (KEYWORD, {"type": "geo_point"}):
        assert with_column(mapping) == mapping
