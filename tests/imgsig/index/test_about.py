"""What an index says of itself, also to who may not see all of it."""

from imgsig.index.about import describe
from imgsig.index.fields import Fields
from imgsig.index.identity import Identity
from imgsig.index.opening import Place
from imgsig.index.ports import Response

IDENTITY = Identity.from_config({})
FIELDS = {"tenant": {"type": "keyword"}}
SHARDS = {"total": 1, "successful": 1, "failed": 0}
SIZE = {"primaries": {"store": {"size_in_bytes": 7}}, "total": {"store": {"size_in_bytes": 14}}}


def described(stats: Response) -> dict:
    answers = {
        "/": Response(200, {"version": {"number": "9.2.4"}}),
        "/now/_count": Response(200, {"count": 3, "_shards": SHARDS}),
        "/then/_alias": Response(200, {"then": {"aliases": {"now": {}, "b": {}}}}),
        "/then/_stats/store": stats,
    }
    place = Place("now", "then", IDENTITY, Fields(IDENTITY, FIELDS))
    operation = describe(place, "elasticsearch")
    request = next(operation)
    while True:
        try:
            request = operation.send(answers[request.path])
        except StopIteration as end:
            return end.value


def test_it_is_all_told():
    assert described(Response(200, {"_all": SIZE})) == {
        "name": "now",
        "index": "then",
        "aliases": ["b", "now"],
        "engine": {"name": "elasticsearch", "version": "9.2.4"},
        "documents": 3,
        "bytes": 7,
        "bytes_with_replicas": 14,
        "identity": IDENTITY.get_config(),
        "fields": FIELDS,
    }


def test_bytes_that_are_not_told_are_none():
    for refused in (Response(403, {"error": {}}), Response(410, "gone"), Response(200, {})):
        about = described(refused)
        assert (about["bytes"], about["bytes_with_replicas"]) == (None, None)
