"""Records, and the requests for them, are those that image-match made."""

import pytest
from elasticsearch import Elasticsearch

from imgsig.compat import ImageSignature, SignatureES, make_record
from imgsig.compat.image_match_index import search_body
from imgsig.compat.records import words_of


class Searched(SignatureES):
    """Keeps the records that are searched for; nothing is asked of an engine."""

    def search_single_record(self, rec, pre_filter=None):
        vars(self).setdefault("asked", []).append((rec, pre_filter))
        return []


def driver(part):
    client = Elasticsearch("http://127.0.0.1:9")  # which nothing is sent with
    return Searched(client, **part["parameters"])


def test_documents_are_those_of_image_match(recorded, arguments):
    count = 0
    for part in recorded:
        ours = driver(part)
        for call in part["calls"]:
            if call["method"] != "add_image":
                continue
            given = arguments(call)
            given.pop("refresh_after", None)
            record = make_record(gis=ours.gis, k=ours.k, N=ours.N, **given)
            ((_, theirs),) = call["requests"][0]["body"].items()
            assert theirs.pop("timestamp") == ""
            assert (list(record), record) == (list(theirs), theirs)
            count += 1
    assert count == 18


def test_searches_are_those_of_image_match(recorded, arguments):
    count = 0
    for part in recorded:
        for call in part["calls"]:
            if call["method"] != "search_image":
                continue
            ours = driver(part)
            assert ours.search_image(**arguments(call)) == []
            sent = [
                search_body(words_of(record), ours.doc_type, pre_filter)
                for record, pre_filter in ours.asked
            ]
            theirs = [request["body"] for request in call["requests"]]
            assert len(sent) == len(theirs) == (6 if "all_orientations" in call["arguments"] else 1)
            assert all(body in sent for body in theirs)
            for request in call["requests"]:
                assert (request["index"], request["size"], request["timeout"]) == (
                    *(ours.index, ours.size),
                    ours.timeout,
                )
            count += 1
    assert count == 10


def test_the_published_distance_is_that_of_the_reference(mona_lisas):
    gis = ImageSignature()
    first, second = (gis.generate_signature(str(path)) for path in mona_lisas)
    assert gis.normalized_distance(first, second) == 0.22095170140933634


def test_bytes_without_bytestream_are_the_name_of_a_file(here):
    gis = ImageSignature()
    by_name = gis.generate_signature(b"grey.png")
    by_bytes = gis.generate_signature((here / "grey.png").read_bytes(), bytestream=True)
    assert (by_name == by_bytes).all()
    assert (by_name != gis.generate_signature("grey.png")).any()
    with pytest.raises(TypeError, match="Path or image required"):
        gis.generate_signature(7)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"k": 16.0}, TypeError, "k should be an integer"),
        ({"N": "63"}, TypeError, "N should be an integer"),
        ({"n_grid": True}, TypeError, "n_grid should be an integer"),
        ({"distance_cutoff": 1}, TypeError, "distance_cutoff should be a float"),
        ({"distance_cutoff": -0.1}, ValueError, "distance_cutoff should be > 0"),
        ({"n_levels": 0}, ValueError, "n_levels must be"),
        ({"levels": 3}, TypeError, "levels"),
    ],
)
def test_parameters_are_refused_as_image_match_refuses_them(parameters, error, message):
    with pytest.raises(error, match=message):
        driver({"parameters": parameters})
