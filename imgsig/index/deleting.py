"""Deleting documents of an index, by their id or by the path of their picture."""

from typing import Any
from urllib.parse import quote

from imgsig.errors import ConfigError
from imgsig.file_names import written_name
from imgsig.index.opening import Place
from imgsig.index.operations import check_same, path_reader
from imgsig.index.ports import Operation, ask
from imgsig.index.searching import SORT, WHOLE, returned
from imgsig.index.writing import checked, path_of, refreshing, refusal_of, whole

#: Documents read at a time where an index has to be walked through: more than it has shards, of
#: which an engine allows 1,024, so that each page has new ones.
_PAGE = 2000


def delete(place: Place, id_: str, refreshed: bool | str) -> Operation[bool]:
    """Delete a document; whether there was one."""
    if reason := refusal_of(id_):
        raise ConfigError(reason)
    if place.is_alias:  # before anything of another index is deleted
        yield from check_same(place, set())
    return (yield from _delete(place, id_, refreshed))


def _delete(place: Place, id_: str, refreshed: bool | str) -> Operation[bool]:
    path = f"{path_of(place.name)}/_doc/{quote(id_, safe='')}"
    response = yield from ask("DELETE", path, refreshing(refreshed))
    if response.status == 404 and not response.error:
        return False
    checked(response, place.name)
    place.check({str(response.body["_index"])})
    return True


def delete_duplicates(place: Place, path: str, refreshed: bool | str) -> Operation[int]:
    """Delete all documents of a path but the first that was added; how many that were.

    Only what the index has refreshed is found. Where the layout keeps paths out of the index, all
    documents are read. In an index of several shards the first is that of one of them, as each
    counts for itself.
    """
    return (yield from _delete_of_path(place, path, refreshed, kept=1))


def delete_path(place: Place, path: str, refreshed: bool | str) -> Operation[int]:
    """Delete all documents of a path, found as by `delete_duplicates`; how many that were."""
    return (yield from _delete_of_path(place, path, refreshed, kept=0))


def _delete_of_path(place: Place, path: str, refreshed: bool | str, *, kept: int) -> Operation[int]:
    ids = yield from _with_path(place, written_name(path))
    deleted = 0
    for id_ in ids[kept:]:
        deleted += yield from _delete(place, id_, refreshed)
    return deleted


def _with_path(place: Place, path: str) -> Operation[list[str]]:
    """Ids of the documents of a path, the first that was added first.

    Numbers of documents are those of a shard. So each page begins with the last number of the one
    before, which those of other shards may share.
    """
    layout = place.identity.layout
    path_in = path_reader(layout)
    query: dict[str, Any] = {"term": {layout.path_name: path}}
    if layout.path == "source":
        query = {"match_all": {}}
    elif layout.path == "dynamic":
        # The whole value is not indexed beyond 256 characters; its words always are.
        query = {"match": {layout.path_name: {"query": path, "operator": "and"}}}
    ids: list[str] = []
    after: list[Any] | None = None
    last: set[str] = set()
    while True:
        body = {
            "query": query,
            "size": _PAGE,
            "sort": [SORT[1]],
            "track_total_hits": False,
            **returned(layout, ("path",)),
        }
        if after:
            body["search_after"] = after
        response = yield from ask("POST", f"{path_of(place.name)}/_search", WHOLE, body)
        hits = whole(response, place.name)["hits"]["hits"]
        place.check({str(hit["_index"]) for hit in hits})
        new = [hit for hit in hits if hit["_id"] not in last]
        ids += [str(hit["_id"]) for hit in new if path_in(hit) == path]
        if len(hits) < _PAGE:
            return ids
        (number,) = hits[-1]["sort"]
        after = [number - 1]
        last = {str(hit["_id"]) for hit in hits if hit["sort"] == [number]}
