"""Adding, searching and deleting on the real engine, in every layout."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image

from bench.engine.capabilities import Capabilities
from imgsig import ConfigError, CorruptImageError, EngineError, generate_signature
from imgsig.index import ORIENTATIONS, ImageIndex, Signed
from imgsig.index.orientations import turned
from imgsig.layouts import LAYOUTS, get_layout
from tests.shared import DISTRIBUTION

pytestmark = pytest.mark.engine

FIELDS = {
    "tenant": {"type": "keyword"},
    "note": {"type": "text"},
    "day": {"type": "date", "format": "yyyy-MM-dd"},
    "size": {"properties": {"width": {"type": "integer"}}},
}
ALL = [
    pytest.param(layout, marks=[] if layout == "tagged_column" else [pytest.mark.slow])
    for layout in LAYOUTS
]


def metadata(number):
    return {
        "tenant": "xy"[number % 2],
        "note": f"hello {number}",
        "day": f"2026-01-0{number + 1}",
        "size": {"width": number},
    }


@pytest.mark.parametrize("layout", ALL)
def test_every_layout_adds_searches_filters_turns_and_deletes(client, name, pictures, layout):
    if Capabilities.of(DISTRIBUTION).missing(get_layout(layout).needs):
        pytest.skip(f"{DISTRIBUTION.title} lacks what it needs")
    index = ImageIndex.create(client, name, layout=layout, fields=FIELDS)
    signed = [
        Signed(f"folder/{number}.jpg", generate_signature(picture), None, metadata(number))
        for number, picture in enumerate(pictures)
    ]
    again = Signed("folder/0.jpg", signed[0].signature)
    ids = [one.id for one in index.add_signatures([*signed, again], refresh=True)]
    assert index.count() == len(set(ids)) == 7

    largest = index.identity.layout.largest_score(index.identity.words)
    best = index.search(pictures[3])[0]
    assert (best.id, best.path, best.distance) == (ids[3], "folder/3.jpg", 0.0)
    assert (best.score, best.metadata, best.orientation) == (largest, metadata(3), "as_is")

    mirrored = turned(pictures[3], "mirrored_turned_90")
    best = index.search(mirrored, orientations="all")[0]
    assert (best.id, best.distance) == (ids[3], 0.0)

    others = index.search(pictures[3], filter={"term": {"tenant": "x"}}, rank="score", size=5)
    assert ids[3] not in [one.id for one in others]
    by_text = index.search(pictures[2], filter={"match": {"note": "hello"}}, min_score=largest)
    assert [one.id for one in by_text] == [ids[2]]
    by_signs = index.search(pictures[2], rank="signs", max_distance=0.0)
    assert [one.id for one in by_signs] == [ids[2]]

    by_margin = index.search(pictures[3], rank="margin", size=5)
    assert by_margin[0].id == ids[3]
    assert by_margin[0].margin > 0
    assert [one.margin for one in by_margin] == sorted((m.margin for m in by_margin), reverse=True)
    far = index.search(pictures[3], rank="score", min_margin=by_margin[0].margin)
    assert [one.id for one in far] == [ids[3]]

    assert index.delete_duplicates("folder/0.jpg", refresh=True) == 1
    assert index.existing(ids) == set(ids[:-1])
    assert index.delete(ids[3], refresh=True)
    assert not index.delete(ids[3])
    assert ids[3] not in [one.id for one in index.search(pictures[3])]


def test_all_eight_orientations_of_held_out_pictures_are_found(client, name, pictures):
    index = ImageIndex.create(client, name)
    ids = [index.add(picture, refresh=True) for picture in pictures]
    assert [index.search(picture)[0].id for picture in pictures] == ids
    told = set()
    for orientation in ORIENTATIONS:
        best = index.search(turned(pictures[1], orientation), orientations="all")[0]
        assert (best.id, best.distance, best.path) == (ids[1], 0.0, None)
        told.add(best.orientation)
    assert told == set(ORIENTATIONS)
    found = index.search(pictures[0], orientations="all", size=100)
    assert len({one.id for one in found}) == len(found)


@pytest.mark.only_on("elasticsearch", reason="has no vectors of bits")
def test_the_only_picture_of_an_index_of_bits_is_found(client, name, pictures):
    index = ImageIndex.create(client, name, layout="vector_sign_flat", codec={"id": "context"})
    index.add(pictures[0], path="a.jpg", refresh=True)
    (found,) = index.search(pictures[0], **index.cutoff(0.99).arguments)
    assert (found.path, found.margin) == ("a.jpg", 136)
    assert index.search(pictures[1], **index.cutoff(0.99).arguments) == []


def test_a_query_that_filters_is_told_what_is_not_mapped(client, name, pictures):
    index = ImageIndex.create(client, name, fields=FIELDS)
    clause = {"bool": {"must": [{"term": {"tenant": "x"}}, {"term": {"shop": 7}}]}}
    with pytest.raises(ConfigError, match=r"on 'shop', which .* not map.*tenant, note, day, size"):
        index.search(pictures[0], filter=clause)
    # What is added to the mapping later is asked for.
    client.indices.put_mapping(index=name, body={"properties": {"shop": {"type": "integer"}}})
    assert index.search(pictures[0], filter=clause) == []
    with pytest.raises(ConfigError, match="filter is a query clause"):
        index.search(pictures[0], filter="tenant:x")
    with pytest.raises(EngineError, match=r"answers 400 \(.*: correct the request"):
        index.search(pictures[0], filter={"terms": {"tenant": "x"}})


def test_what_is_wrong_with_one_picture_is_told(client, name, pictures):
    index = ImageIndex.create(client, name, fields=FIELDS)
    with pytest.raises(ConfigError, match=r"has 'shop', which this index does not declare"):
        index.add(pictures[0], metadata={"shop": 7})
    with pytest.raises(EngineError, match=r"refused the document: .*(failed to parse|parsing)"):
        index.add(pictures[0], metadata={"day": "yesterday"})
    with pytest.raises(CorruptImageError):
        index.add(b"no picture")
    index.refresh()
    assert index.count() == 0


def test_plain_dicts_are_what_the_index_itself_sends(client, name, pictures):
    index = ImageIndex.create(client, name, fields=FIELDS)
    signature = generate_signature(pictures[0])
    document = index.document(signature, path="a.jpg", metadata=metadata(0))
    client.index(index=name, id="own", body=document, refresh=True)
    assert index.search(pictures[0])[0].id == "own"
    body = {"query": index.query(signature, filter={"term": {"tenant": "x"}})}
    assert [hit["_id"] for hit in client.search(index=name, body=body)["hits"]["hits"]] == ["own"]
    assert "path" not in index.document(signature)


def test_a_query_of_bits_beside_words_has_no_place_for_a_least_score(client, name, pictures):
    index = ImageIndex.create(client, name, layout="vector_sign_flat_keyword")
    with pytest.raises(ConfigError, match="has no place for min_score"):
        index.query(generate_signature(pictures[0]), min_score=200)


def test_an_id_that_is_given_again_is_replaced(client, name, pictures):
    index = ImageIndex.create(client, name)
    for picture in pictures[:2]:
        assert index.add(picture, id="a/ß b", refresh=True) == "a/ß b"
    (found,) = index.search(pictures[1])
    assert (found.id, found.distance, index.count()) == ("a/ß b", 0.0, 1)
    assert index.delete("a/ß b")


@pytest.fixture
def folder(tmp_path, pictures):
    """Six pictures in files, one that is damaged, and one that is missing."""
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(tmp_path / f"{number}.png")
    (tmp_path / "damaged.png").write_bytes((tmp_path / "0.png").read_bytes()[:100])
    paths = [tmp_path / f"{number}.png" for number in range(6)]
    return [*paths[:3], tmp_path / "damaged.png", *paths[3:], tmp_path / "missing.png"]


def test_files_are_added_and_bad_ones_are_told_and_passed_over(client, name, folder):
    index = ImageIndex.create(client, name, fields=FIELDS)
    records = list(
        index.add_many(
            folder,
            workers=1,
            metadata=lambda path: {"shop": 1} if path.endswith("1.png") else metadata(2),
            ids=lambda path: f"id of {path[-5:]}",
            refresh="wait_for",
        )
    )
    assert [one.path for one in records] == [str(path) for path in folder]
    outcomes = ["ok", "refused", "ok", "corrupt", "ok", "ok", "ok", "missing"]
    assert [one.outcome for one in records] == outcomes
    assert "does not declare" in records[1].reason
    assert index.count() == 5
    best = index.search(folder[0])[0]
    assert (best.id, best.path, best.metadata) == ("id of 0.png", str(folder[0]), metadata(2))


@pytest.mark.slow
def test_two_who_write_at_once_lose_nothing(client, name, signatures):
    ImageIndex.create(client, name)
    added: list = []

    def write(first):
        index = ImageIndex.open(client, name)
        own = ((f"{first}", one) for one in signatures)
        same = (("same", one, f"same {number}") for number, one in enumerate(signatures[:50]))
        added.extend(index.add_signatures([*own, *same]))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one.is_ok for one in added)
    index = ImageIndex.open(client, name)
    index.refresh()
    assert index.count() == len({one.id for one in added}) == 2 * len(signatures) + 50


ADDING = """
import json, sys
import numpy as np
from imgsig.index import ImageIndex
from tests.shared import as_applications, client_at
from types import SimpleNamespace

url, kind, name = sys.argv[1:]
client = client_at(url, SimpleNamespace(url=url, name=kind))
index = ImageIndex.open(as_applications(client), name)
rng = np.random.default_rng(0)
signatures = ((f"{n}", rng.integers(-2, 3, 648).astype(np.int8), f"{n}") for n in range(1_000_000))
for one in index.add_signatures(signatures):
    print(one.id, one.outcome, flush=True)
"""


@pytest.mark.slow
def test_what_was_told_before_a_kill_is_there(engine, client, name):
    index = ImageIndex.create(client, name)
    adding = subprocess.Popen(
        [sys.executable, "-c", ADDING, engine.url, engine.name, name],
        stdout=subprocess.PIPE,
        text=True,
    )
    told = [adding.stdout.readline().split() for _ in range(1200)]
    adding.kill()
    told += [line.split() for line in adding.communicate()[0].splitlines()[:-1]]
    assert {outcome for _, outcome in told} == {"ok"}
    ids = [id_ for id_, _ in told]
    assert index.existing(ids) == set(ids)


def test_an_index_without_signatures_ranks_by_what_it_has(client, name, pictures):
    index = ImageIndex.create(client, name, layout="integer", codec={"id": "none"})
    ids = [index.add(picture) for picture in pictures]
    index.refresh()
    best = index.search(pictures[1])[0]
    assert (best.id, best.score, best.distance) == (ids[1], 63, None)
    best = index.search(pictures[1], rank="signs")[0]
    assert (best.id, best.distance) == (ids[1], 0.0)
    with pytest.raises(ConfigError, match="needs a stored signature"):
        index.search(pictures[1], rank="distance")


def test_paths_are_found_whatever_characters_they_have(client, name, pictures):
    signature = generate_signature(pictures[0])
    paths = ["x" * 300 + ".jpg", "two words, ß.jpg", 'a"b\\c.jpg']
    for layout in ("dynamic", "tagged_column"):
        index = ImageIndex.create(client, f"{name}-{layout}", layout=layout)
        twice = [(path, signature) for path in [*paths, *paths]]
        ids = [one.id for one in index.add_signatures(twice, refresh=True)]
        for path in paths:
            assert index.delete_duplicates(path) == 1
        assert index.existing(ids) == set(ids[:3])


def test_signatures_of_another_length_are_refused(client, name):
    index = ImageIndex.create(client, name)
    with pytest.raises(ConfigError, match="signatures have 5 values"):
        list(index.add_signatures([("a", np.zeros(5, dtype=np.int8))]))
