"""`SignatureES` on a real engine: in place of image-match, and on an index of a layout."""

from contextlib import closing
from datetime import datetime

import numpy as np
import pytest
from opensearchpy import OpenSearch

from imgsig import CorruptImageError, SignatureConfig, generate_signature
from imgsig.compat import SignatureES
from imgsig.errors import ConfigError, EngineError, ImgsigError, OtherIndexError
from imgsig.index import ImageIndex
from tests.shared import DISTRIBUTION

pytestmark = pytest.mark.engine


@pytest.fixture
def client(engine):
    """A client as users have one: that of `bench` for OpenSearch is a shell around it."""
    if DISTRIBUTION.engine == "elasticsearch":
        yield engine.client
        return
    with closing(OpenSearch(engine.url)) as made:
        yield made


@pytest.fixture
def fill(client, index_name):
    """A function that makes an index of what image-match wrote, as an engine maps it by itself."""

    def filled(part, nested=True):
        for number, call in enumerate(added(part)):
            body = call["requests"][0]["body"]
            ((_, record),) = body.items()
            record["timestamp"] = "2019-03-04T05:06:07.000008"
            client.index(index=index_name, id=f"id{number}", body=body if nested else record)
        client.indices.refresh(index=index_name)
        return index_name

    return filled


def added(part):
    return [call for call in part["calls"] if call["method"] == "add_image"]


def documents(client, index):
    client.indices.refresh(index=index)
    found = client.search(index=index, body={"size": 100, "sort": ["_seq_no"]})
    return [hit["_source"] for hit in found["hits"]["hits"]]


@pytest.mark.parametrize("which", [0, 2])
def test_an_index_of_image_match_is_searched_with_its_results(
    which, fill, client, recorded, arguments
):
    part = recorded[which]
    index = fill(part)
    driver = SignatureES(client, **{**part["parameters"], "index": index})
    for call in part["calls"]:
        if call["method"] != "search_image":
            continue
        found = driver.search_image(**arguments(call))
        if "all_orientations" in call["arguments"]:
            assert sorted(match["id"] for match in found) == call["result"]
            assert [match["dist"] for match in found] == sorted(match["dist"] for match in found)
        else:
            assert found == call["result"]
            assert [list(match) for match in found] == [list(match) for match in call["result"]]


def test_orientations_are_those_of_image_match_each_at_its_nearest(fill, client, recorded, here):
    driver = SignatureES(client, fill(recorded[0]))
    found = driver.search_image("scene.png", all_orientations=True)
    nearest = {match["path"]: match["dist"] for match in found}
    for name in ("scene.png", "negative.png", "mirrored.png", "turned.png"):
        assert nearest[name] < 1e-12
    assert "both.png" not in nearest  # turned and mirrored: image-match does not try that


def test_documents_are_added_as_image_match_adds_them(client, index_name, recorded, arguments):
    part = recorded[1]
    driver = SignatureES(client, index_name)
    for call in added(part):
        assert driver.add_image(**arguments(call)) is None
    ours = documents(client, index_name)
    theirs = [call["requests"][0]["body"] for call in added(part)]
    for document in ours:
        datetime.fromisoformat(document["image"].pop("timestamp"))
    for document in theirs:
        document["image"].pop("timestamp")
    assert ours == theirs
    # The last was refreshed, as it was asked for.
    driver.delete_duplicates("scene.png")
    driver.delete_duplicates("nowhere.png")
    left = [document["image"]["path"] for document in documents(client, index_name)]
    assert sorted(left) == ["b", "c", "d", "grey.png", "scene.png"]


def test_an_index_of_older_releases_is_told_by_its_mapping(fill, client, recorded, here):
    index = fill(recorded[0], nested=False)
    driver = SignatureES(client, index)
    (found,) = driver.search_image(
        "other.png", pre_filter={"term": {"metadata.shop": 7}}, all_orientations=True
    )
    assert (found["path"], found["score"], found["dist"]) == ("other.png", 63.0, 0.0)
    driver.add_image("new", img="other.png", refresh_after=True)
    assert documents(client, index)[-1]["path"] == "new"
    assert len(driver.search_image("other.png")) == 2
    assert SignatureES(client, index, prefix="image").search_image("other.png") == []


def test_more_duplicates_are_deleted_than_a_page_shows(client, index_name):
    """image-match looks at the first ten, whatever their paths are."""
    driver = SignatureES(client, index_name)
    rng = np.random.default_rng(0)
    levels = rng.random((40, 50, 3))
    paths = [*["a/b c.jpg"] * 13, *[f"a/b {number}.jpg" for number in range(12)], "c b a.jpg"]
    for path in paths:
        driver.add_image(path, img=levels)
    client.indices.refresh(index=index_name)
    driver.delete_duplicates("a/b c.jpg")
    left = [document["image"]["path"] for document in documents(client, index_name)]
    assert sorted(left) == sorted({*paths})


def test_what_goes_wrong_is_said(client, index_name, fill, recorded, here):
    driver = SignatureES(client, index_name)
    with pytest.raises(EngineError, match="no such index"):
        driver.search_image("scene.png")
    with pytest.raises(FileNotFoundError):
        driver.add_image("nowhere.png")
    with pytest.raises(CorruptImageError):
        driver.search_image(b"no picture", bytestream=True)
    index = fill(recorded[0])
    with pytest.raises(OtherIndexError, match=r"no signature of 392 integers; n_grid"):
        SignatureES(client, index, n_grid=7).search_image("scene.png", pre_filter={"match_all": {}})
    with pytest.raises(ConfigError, match="client must be"):
        SignatureES(object())


@pytest.fixture(params=["tagged_column", pytest.param("tagged_integer", marks=pytest.mark.slow)])
def made(request, client, index_name):
    """An index of a layout, with a signature config of its own."""
    fields = {"metadata": {"properties": {"shop": {"type": "integer"}}}}
    return ImageIndex.create(
        client,
        index_name,
        layout=request.param,
        fields=fields,
        config=SignatureConfig(pixels="bytes"),
    )


def test_an_index_of_a_layout_is_used_alike(made, client, recorded, here):
    layout = made.identity.layout.layout_id
    driver = SignatureES(client, made.name, layout=layout)
    for number, name in enumerate(("scene.png", "turned.png", "both.png", "other.png")):
        driver.add_image(name, metadata={"shop": number})
    driver.add_image("bytes", (here / "other.png").read_bytes(), bytestream=True, metadata=None)
    driver.add_image("scene.png", refresh_after=True)
    found = driver.search_image("scene.png", all_orientations=True)
    assert [match["path"] for match in found] == ["scene.png", "scene.png", "turned.png"]
    assert list(found[0]) == ["id", "score", "metadata", "path", "dist"]
    assert (found[0]["metadata"], found[0]["dist"]) == ({"shop": 0}, 0.0)
    assert found[1]["metadata"] is None
    filtered = driver.search_image("other.png", pre_filter={"term": {"metadata.shop": 3}})
    assert [match["path"] for match in filtered] == ["other.png"]
    driver.delete_duplicates("scene.png")
    made.refresh()
    assert made.count() == 5


def test_when_a_record_was_added_stays_its_own_and_is_no_metadata(client, index_name, here):
    fields = {"timestamp": {"type": "date"}, "shop": {"type": "integer"}}
    ImageIndex.create(client, index_name, layout="tagged_column", fields=fields)
    driver = SignatureES(client, index_name, layout="tagged_column")
    driver.add_image("scene.png")
    driver.add_image("other.png", metadata={"shop": 7}, refresh_after=True)
    since = {"range": {"timestamp": {"gte": "now-2d"}}}
    found = [driver.search_image(one, pre_filter=since) for one in ("scene.png", "other.png")]
    assert [match[0]["metadata"] for match in found] == [None, {"shop": 7}]


def test_documents_without_a_signature_are_told(client, index_name, here):
    client.index(index=index_name, id="1", body={"image": {"path": "a"}}, refresh=True)
    with pytest.raises(OtherIndexError, match="document '1' has no signature of 648 integers"):
        SignatureES(client, index_name).search_image("scene.png", pre_filter={"match_all": {}})


def test_pictures_are_signed_as_the_index_says_however_they_come(made, client, here):
    driver = SignatureES(client, made.name, layout=made.identity.layout.layout_id)
    expected = generate_signature("grey.png", made.identity.signature)
    for picture, bytestream in (("grey.png", False), ((here / "grey.png").read_bytes(), True)):
        assert (driver.gis.generate_signature(picture, bytestream) == expected).all()
    driver.add_image("grey.png", refresh_after=True)
    (match,) = driver.search_image((here / "grey.png").read_bytes(), bytestream=True)
    assert match["dist"] == 0


def test_other_layouts_and_what_has_no_distance_are_refused(client, index_name, made):
    with pytest.raises(OtherIndexError, match="not 'bits'"):
        SignatureES(client, made.name, layout="bits")
    with pytest.raises(ImgsigError):
        SignatureES(client, f"{index_name}-none", layout="tagged_column")
