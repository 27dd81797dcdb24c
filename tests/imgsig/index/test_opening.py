"""Indices that are opened and those that are refused, on the real engine."""

import pytest

from imgsig import ConfigError, EngineError, OtherIndexError
from imgsig.index import ImageIndex
from imgsig.index.opening import identity_of, opened
from imgsig.index.ports import Response

#: Elastic's own example of what ``GET my-data-stream?features=settings`` answers, shortened.
DATA_STREAM = {
    ".ds-my-data-stream-2022.06.17-000001": {
        "aliases": {},
        "mappings": {},
        "settings": {"index.hidden": "true", "index.uuid": "HmlFXp6VSu2XbQ-O3hVrwQ"},
        "data_stream": "my-data-stream",
    }
}


def test_a_data_stream_is_refused_with_the_reason():
    operation = opened("my-data-stream", None)
    assert next(operation).path == "/my-data-stream"
    with pytest.raises(OtherIndexError, match=r"the data stream 'my-data-stream'.*timestamp"):
        operation.send(Response(200, DATA_STREAM))


@pytest.mark.engine
def test_an_index_says_what_it_was_made_with(client, name, engine):
    made = ImageIndex.create(
        client,
        name,
        layout="tagged_column",
        fields={"tenant": {"type": "keyword"}},
        words={"N": 20, "k": 8},
        codec={"id": "context", "strip": "half"},
        config={"decode": "fast"},
        settings={"number_of_shards": 2},
    )
    again = ImageIndex.open(client, name)
    assert again.identity == made.identity
    assert again.fields == made.fields == {"tenant": {"type": "keyword"}}
    about = client.indices.get(index=name)[name]
    told = about["mappings"]["_meta"]["imgsig"]
    assert told["engine"] == {"name": engine.name, "version": engine.describe()["version"]}
    assert told["signature"] == {"decode": "fast"}
    assert about["settings"]["index"]["number_of_shards"] == "2"
    assert ImageIndex.open(client, name, identity=made.identity).identity == made.identity


@pytest.mark.engine
def test_what_is_not_what_was_asked_for_is_refused(client, name):
    with pytest.raises(OtherIndexError, match=r"no index .*create it with ImageIndex\.create"):
        ImageIndex.open(client, name)
    client.indices.create(index=name)
    with pytest.raises(OtherIndexError, match="does not say what it was made with"):
        ImageIndex.open(client, name)
    with pytest.raises(OtherIndexError, match=r"exists; open it with ImageIndex\.open"):
        ImageIndex.create(client, name)
    other = ImageIndex.create(client, f"{name}-other")
    with pytest.raises(
        OtherIndexError, match=r'made with \{"layout": "keyword_column".*, not with .*"dynamic"'
    ):
        ImageIndex.open(client, other.name, identity=identity_of("dynamic"))
    with pytest.raises(EngineError, match=r"cannot be created with layout .*Choose another layout"):
        ImageIndex.create(client, f"{name}-third", fields={"a": {"type": "keyword", "odd": 1}})
    with pytest.raises(ConfigError, match="layout must be one of"):
        ImageIndex.create(client, f"{name}-third", layout="fast")


@pytest.mark.engine
def test_an_index_that_does_not_say_it_opens_by_what_is_known(client, name, pictures):
    # As image-match leaves its indices: Elasticsearch chooses the mapping.
    identity = identity_of("dynamic", codec={"id": "int_array"})
    client.indices.create(index=name)
    index = ImageIndex.open(client, name, identity=identity)
    index.add(pictures[0], path="a.jpg", metadata={"metadata": {"shop": 7}}, refresh=True)
    (found,) = index.search(pictures[0])
    assert (found.path, found.distance) == ("a.jpg", 0.0)
    assert found.metadata == {"metadata": {"shop": 7}}


def point(client, alias, **indices):
    actions = [{kind: {"index": index, "alias": alias}} for kind, index in indices.items()]
    client.indices.update_aliases(body={"actions": actions})


@pytest.mark.engine
def test_an_alias_of_one_index_is_accepted_until_it_is_switched(client, name, pictures):
    for end in ("-1", "-2"):
        ImageIndex.create(client, name + end, settings={"number_of_shards": 1})
    point(client, f"{name}-alias", add=f"{name}-1")
    index = ImageIndex.open(client, f"{name}-alias")
    added = index.add(pictures[0], path="a.jpg", refresh=True)
    assert [one.id for one in index.search(pictures[0])] == [added]
    assert index.delete_duplicates("a.jpg") == 0
    point(client, f"{name}-alias", remove=f"{name}-1", add=f"{name}-2")
    with pytest.raises(OtherIndexError, match=r"now stands for .*-2, and stood for .*-1 when"):
        index.search(pictures[0])
    with pytest.raises(OtherIndexError, match="open it again"):
        index.add(pictures[0])
    other = ImageIndex.open(client, f"{name}-2")
    there = other.add(pictures[0], path="a.jpg", id="same", refresh=True)
    for late in (lambda: index.delete(there), lambda: index.delete_path("a.jpg")):
        with pytest.raises(OtherIndexError, match="open it again"):
            late()
    assert other.existing([there]) == {there}  # nothing of the other one was deleted
    point(client, f"{name}-alias", add=f"{name}-1")
    with pytest.raises(OtherIndexError, match=r"stands for 2 indices \(.*-1, .*-2\)"):
        ImageIndex.open(client, f"{name}-alias")


@pytest.mark.engine
def test_an_index_that_was_deleted_takes_no_documents_unnoticed(client, name, pictures):
    index = ImageIndex.create(client, name)
    index.add(pictures[0], path="a.jpg")  # the first of its shard, and the index is the one
    client.indices.delete(index=name)
    with pytest.raises(OtherIndexError, match="was deleted since it was opened, and the engine"):
        index.add(pictures[0], path="a.jpg")
    client.indices.delete(index=name)
    recreated = ImageIndex.create(client, name)
    assert index.add(pictures[0], path="a.jpg", refresh=True)
    assert recreated.count() == 1
