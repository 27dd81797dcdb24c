"""What the kept fields become in a layout, and how a hit gives them back."""

import pytest

from bench.migrate.dynamic_mapping import DynamicMapping
from bench.migrate.fields import Fields
from bench.migrate.kept import DEEPEST, MOST_COLUMNS, MOST_FIELDS, OFF, keep_in
from bench.runs.errors import ExperimentError
from imgsig.layouts import get_layout

COLUMNS, SOURCE = get_layout("tagged_column"), get_layout("integer_filtered")
TEXT = {"type": "text", "index": False, "store": True}


def kept_of(documents, layout=COLUMNS, hidden=(), properties=None, **options):
    found = DynamicMapping()
    for document in documents:
        found.add(document)
    properties = found.properties() if properties is None else properties
    names = tuple(sorted({name for document in documents for name in document} | set(properties)))
    fields = Fields(names, tuple(name for name in names if name not in hidden))
    return keep_in(layout, fields, properties, **options)


def returned(kept, document):
    """What a hit of the document gives back: its columns as the engine has them, and texts."""
    sent, fields = kept.values(document), {}
    for path, column in kept.columns.items():
        value = sent
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None and column.holds(value):
            fields[path] = value if isinstance(value, list) else [value]
    texts = {name: [sent[name]] for name in sent if name.endswith("_json")}
    return kept.fetched({"fields": fields | texts})


def test_names_and_types_stay():
    document = {"metadata": {"tenant_id": 3, "shop": {"name": "x"}}, "timestamp": "2016-03-04"}
    kept = kept_of([document])
    shop = kept.properties["metadata"]["properties"]["shop"]
    assert kept.properties["metadata"]["properties"]["tenant_id"] == {"type": "long"}
    assert shop["properties"]["name"]["fields"]["keyword"]["type"] == "keyword"
    assert shop["properties"]["name"]["store"] is True
    assert kept.properties["metadata"]["dynamic"] is True
    assert kept.properties["timestamp"] == {"type": "date"}
    assert kept.properties["metadata_json"] == kept.properties["timestamp_json"] == TEXT
    assert kept.fetch()["docvalue_fields"] == ["metadata.tenant_id", "timestamp"]
    assert kept.becomes() == {
        "metadata.tenant_id": "long, searched as before; hits have it in doc values",
        "metadata.shop.name": "text, searched as before; hits have it in a stored field",
        "timestamp": "date, searched as before; hits have it in doc values",
    }


@pytest.mark.parametrize(
    ("value", "as_text"),
    [
        ({"n": 3, "s": "b"}, False),
        ({"n": 3, "s": ["b", "a"]}, False),
        ({"n": None}, True),
        ({"n": 3, "x.y": 1}, True),
        ({"n": [3], "s": "b"}, True),
        ({"n": 3, "price": 9.99}, True),
        ({"items": [{"a": 1}, {"a": 2}]}, True),
        ({}, True),
        ([{"n": 3}], True),
        (None, True),
        ({"": 1}, True),
    ],
)
def test_what_columns_would_change_is_kept_as_text_too(value, as_text):
    kept = kept_of([{"metadata": {"n": 3, "s": "b", "price": 1.5, "items": [{"a": 1}]}}])
    document = {"metadata": value}
    sent = kept.values(document)
    assert sent["metadata"] == value  # searched as before in any case
    assert ("metadata_json" in sent) == as_text
    assert returned(kept, document) == document


def test_a_document_without_the_field_has_nothing_of_it():
    kept = kept_of([{"metadata": {"n": 3}}])
    assert kept.values({}) == {}
    assert kept.fetched({}) == {}


def test_a_field_that_is_hidden_is_text_alone():
    document = {"metadata": {"caf\udce9 été": ["é"]}}
    kept = kept_of([document], hidden=["metadata"])
    assert kept.properties == {"metadata_json": TEXT}
    assert set(kept.values(document)) == {"metadata_json"}
    assert "été" in kept.values(document)["metadata_json"]
    assert kept.values(document)["metadata_json"].encode()
    assert returned(kept, document) == document
    assert "not searched, as asked for" in kept.becomes()["metadata"]


def in_objects(depth):
    return {"properties": {"a": in_objects(depth - 1)}} if depth else {"type": "long"}


@pytest.mark.parametrize(
    ("mapping", "path", "reason"),
    [
        ({"conflict": ["long", "text"]}, "x", "conflicting types (long, text)"),
        ({"type": "nested", "properties": {"a": {"type": "long"}}}, "x", "nested"),
        ({"type": "object", "enabled": False}, "x", "does not search it either"),
        (in_objects(DEEPEST + 1), "x" + ".a" * DEEPEST, "objects deep"),
        ({"type": "alias", "path": "y"}, "x", "another name of y"),
    ],
)
def test_what_cannot_be_held_is_kept_as_text_and_told(mapping, path, reason):
    kept = kept_of([], properties={"x": mapping, "y": {"type": "long"}})
    assert list(kept.lost) == [path]
    assert reason in kept.lost[path]
    assert kept.becomes()[path] == f"kept in x_json, not searched: {kept.lost[path]}"
    assert path not in kept.columns
    assert kept.values({"x": {"a": 1}})["x_json"] == '{"a":1}'
    assert kept.becomes()["y"].startswith("long, searched as before")


def test_a_field_filled_from_another_is_told():
    kept = kept_of([], properties={"x": {"type": "long", "copy_to": "y"}, "y": {"type": "long"}})
    assert kept.properties["x"] == {"type": "long"}
    assert "fills it from x" in kept.lost["y"]


def test_an_index_has_no_more_fields_than_it_may():
    many = {f"n{i}": {"type": "long"} for i in range(MOST_FIELDS + 5)}
    kept = kept_of([], properties={"metadata": {"properties": many}}, own=20)
    mapped = [one for one in kept.properties["metadata"]["properties"].values() if one != OFF]
    assert len(kept.properties["metadata"]["properties"]) < MOST_FIELDS - 20
    assert len(kept.lost) == len(many) - len(mapped)
    assert len(kept.columns) == MOST_COLUMNS
    assert "at most 1,000 fields" in next(iter(kept.lost.values()))
    assert kept.properties["metadata"]["dynamic"] is False


def test_columns_are_those_of_the_index_that_is_there():
    document = {"metadata": {"n": 3, "later": 4}}
    there = {"metadata": {"properties": {"n": {"type": "long"}, "later": {"type": "long"}}}}
    kept = kept_of([document], there=there, chosen=["metadata.n"])
    assert list(kept.columns) == ["metadata.n"]
    assert kept.values(document)["metadata_json"] == '{"n":3,"later":4}'


def test_with_source_fields_are_as_they_were():
    document = {"metadata": {"n": 3}, "timestamp": "2016-03-04"}
    kept = kept_of([document], SOURCE, hidden=["timestamp"])
    assert kept.properties["timestamp"] == OFF
    assert kept.properties["metadata"]["properties"] == {"n": {"type": "long"}}
    assert kept.values(document) == document
    inner = {"type": "nested", "properties": {"a": {"type": "long"}}}
    assert kept_of([], SOURCE, properties={"x": inner}).properties == {"x": inner}


def test_whether_new_fields_are_mapped_is_as_in_the_source():
    for dynamic in (True, False, "strict"):
        kept = kept_of([{"metadata": {"n": 3}}], dynamic=dynamic)
        assert kept.properties["metadata"]["dynamic"] == dynamic


def test_a_name_of_the_layout_is_refused():
    with pytest.raises(ExperimentError, match="'short_names' has a field of that name"):
        kept_of([{"w7": 1}], get_layout("short_names"))
    with pytest.raises(ExperimentError, match="'metadata_json' cannot be kept: the new index has"):
        kept_of([{"metadata": 1, "metadata_json": "1"}])
