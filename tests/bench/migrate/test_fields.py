"""Which fields are passed on, and how."""

import pytest

from bench.migrate.fields import choose_fields, kept_bytes
from bench.runs.errors import ExperimentError


def test_image_match_fields_are_kept_by_themselves(as_source, records):
    fields = choose_fields(as_source(records()))
    assert fields.kept == ("metadata", "timestamp")
    dropped = choose_fields(as_source(records()), drop=["timestamp"])
    assert (dropped.kept, dropped.dropped) == (("metadata",), ("timestamp",))


def test_other_fields_are_kept_too(as_source, records):
    documents = records()
    documents[3]["url"] = "https://example.org"  # in one document
    source = as_source(documents)
    assert choose_fields(source).kept == ("metadata", "timestamp", "url")
    assert choose_fields(source).searchable == ("metadata", "timestamp", "url")
    hidden = choose_fields(source, keep=["url"])
    assert hidden.kept == ("metadata", "timestamp", "url")
    assert hidden.searchable == ("metadata", "timestamp")
    assert "url" not in choose_fields(source, drop=["url"]).kept


def test_a_later_field_leaves_the_decisions_as_they_were(as_source, records):
    later = [{**one, "url": "u"} for one in records()]
    decided = {"keep": ["timestamp"], "drop": ["x"]}
    one, other = (choose_fields(as_source(docs), **decided) for docs in (records(), later))
    assert one != other
    assert one.to_json() == other.to_json()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keep": ["url"], "drop": ["url"]}, "'url' has both --keep and --drop"),
        ({"keep": ["url"], "searchable": ["url"]}, "'url' has both --keep and --searchable"),
        ({"drop": ["url", "path"]}, "path is always migrated"),
        ({"keep": ["url", "simple_word_3"]}, "--keep simple_word_3: .* always migrated"),
        ({"searchable": ["path"]}, "how it is searched.* not by words of it: long"),
        ({"searchable": ["nothing"]}, "no mapping of it"),
    ],
)
def test_decisions_that_cannot_be_are_refused(as_source, records, options, message):
    documents = [{**one, "url": "https://example.org"} for one in records()]
    with pytest.raises(ExperimentError, match=message):
        choose_fields(as_source(documents), **options)


def test_kept_bytes_are_those_of_json(as_source):
    documents = [{"path": "a", "metadata": "é"}, {"path": "b"}]
    fields = choose_fields(as_source(documents))
    assert kept_bytes(fields, documents) == len('{"metadata":"é"}'.encode()) / 2
