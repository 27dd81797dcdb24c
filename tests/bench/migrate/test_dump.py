"""A dump in a file as the source."""

import gzip
import json

import pytest

from bench.migrate import Pace, Wanted, begin, perform, plan_migration
from bench.migrate.dump import read_dump
from bench.migrate.expected import expect
from bench.migrate.sentences import plan_text, shortfalls, warnings
from bench.runs.errors import IndexStateError


@pytest.fixture
def write(tmp_path):
    """A function that writes documents, or lines, as elasticdump does, and returns the file."""

    def written(documents, name="tester.jsonl", index="tester"):
        file = tmp_path / name
        with (gzip.open if name.endswith(".gz") else open)(file, "wb") as to:
            for number, one in enumerate(documents):
                hit = {"_index": index, "_type": "image", "_id": f"d{number}", "_source": one}
                to.write(one if isinstance(one, bytes) else json.dumps(hit).encode() + b"\n")
        return file

    return written


def test_what_is_known_of_a_dump(write, records):
    documents = [*records(30), b"\n", b"{broken\n"]
    dump = read_dump(write(documents), None)
    assert (dump.base, dump.documents, dump.index_documents, dump.N) == ("tester", 31, 30, 63)
    assert (dump.until, dump.broken) == ({0: 31}, 1)
    assert dump.first_broken["line 32"].startswith("not JSON")
    assert dump.properties["metadata"]["properties"]["année"] == {"type": "float"}
    assert dump.properties["timestamp"] == {"type": "date"}
    assert len(dump.sample) == 30
    few = read_dump(write(documents), None, sample=7).sample
    assert len(few) == 7
    assert few == sorted(few, key=lambda hit: hit["_seq_no"])


def test_what_it_is_does_not_depend_on_where_or_how_it_is_stored(write, records):
    plain, packed = write(records(9)), write(records(9), "other.gz")
    assert read_dump(plain, None).uuid == read_dump(packed, None).uuid
    assert read_dump(write(records(8)), None).uuid != read_dump(packed, None).uuid


def test_pages_resume_after_a_line(write, records):
    dump = read_dump(write([*records(20), b"[]\n"]), None)
    reader = dump.reader()
    pages = list(reader.pages(0, -1, 20, 6))
    assert [len(page) for page in pages] == [6, 6, 6, 3]
    assert pages[-1][-1]["_broken"] == "line: list instead of an object"
    rest = [hit for page in reader.pages(0, 11, 20, 100) for hit in page]
    assert rest == [hit for page in pages[2:] for hit in page]
    assert [reader.count_after({0: last}) for last in (-1, 11, 20)] == [21, 9, 0]


def test_a_file_that_changes_is_noticed(write, records):
    file = write(records(9))
    reader = read_dump(file, None).reader()
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(IndexStateError, match="has changed since"):
        next(reader.pages(0, -1, 8, 5))


def test_fields_below_a_name_are_read(write, records):
    dump = read_dump(write([{"image": one, "owner": 3} for one in records(9)]), None)
    assert dump.prefixes == ("image",)
    assert dump.properties["owner"] == {"type": "long"}
    assert dump.sample[0]["_source"]["path"] == records(9)[0]["path"]


def test_a_given_mapping_says_the_types(write, records, tmp_path):
    mapping = tmp_path / "mapping.json"
    own = {"properties": {"metadata": {"properties": {"category": {"type": "keyword"}}}}}
    mapping.write_text(json.dumps({"tester": {"mappings": own}}))
    dump = read_dump(write(records(9)), None, mapping=mapping)
    assert dump.properties == own["properties"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: [], "no document to migrate"),
        (lambda one: [b"[\n", b"{\n"], r"no document to migrate \(line 1: .*; line 2"),
        (lambda one: [{"path": "a"}], "0 fields simple_word_0"),
        (
            lambda one: [one, b'{"_index": "x", "_id": "y", "_source": {"a": 1}}\n'],
            r"is of 2 indices \(tester, x\)",
        ),
        (
            lambda one: [one, one, b'{"_id": "d0", "_source": {"a": 1}}\n'],
            "document 'd0' twice, in lines 1 and 3",
        ),
    ],
)
def test_what_cannot_be_migrated_is_told(write, records, change, told):
    with pytest.raises(IndexStateError, match=told):
        read_dump(write(change(records(1)[0])), None)


@pytest.mark.engine
def test_a_dump_becomes_an_index_and_resumes(write, records, engine, index_name, tmp_path):
    client = engine.client
    broken = [b'{"_id": "x"}\n', b"{\n"]
    documents = records(60)
    file = write([*documents, *broken], "tester.jsonl.gz")
    dump = read_dump(file, client)
    wanted = Wanted("", "tagged_column", name=index_name)
    plan = plan_migration(client, wanted, dump=dump)
    text = plan_text(plan, expect(plan, tmp_path))
    assert f"Source: {file}, a dump of 62 documents" in text
    assert any(one.startswith("2 lines of the dump are broken") for one in warnings(plan))
    progress = begin(client, plan)
    assert plan_migration(client, Wanted("", "tagged_column"), dump=dump).index == (
        "tester-tagged-column"
    )
    outcome = perform(client, plan, progress, Pace(batch=17))
    assert outcome.refused == {
        "line 61": "line: no _source; dump with it",
        "line 62": outcome.refused["line 62"],
    }
    found = outcome.verified
    assert (found.source, found.destination, found.refused) == (62, 60, 2)
    assert (found.compared, found.values, found.is_whole) == (60, 60 * 648, True)
    assert found.words == found.searched * 63
    assert "2 documents cannot be migrated" in shortfalls(outcome, skip_refused=False)[0]
    query = {"term": {"metadata.category.keyword": "art"}}
    assert client.count(index=index_name, query=query)["count"] == 20
    again = []
    moved = file.rename(tmp_path / "moved.gz")
    plan = plan_migration(client, wanted, dump=read_dump(moved, client))
    assert perform(client, plan, begin(client, plan), Pace(), advance=again.append).verified == (
        found
    )
    assert again == []
    other = read_dump(write(documents[:50], "tester.jsonl"), client)
    with pytest.raises(IndexStateError, match="its source_uuid is"):
        plan_migration(client, wanted, dump=other)
