"""Records in an index as image-match fills it: requests and documents are its own.

Up to 1.1.2 it wrote a record as the document; image-match3 1.1.3, for engines without types, nests
it below the type's name, which is ``doc_type``: ``{"image": {"path": …, "signature": …}}``.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import numpy as np

from imgsig.compat.records import METADATA, PATH, SIGNATURE, WORD, words_of
from imgsig.distance import normalized_distance
from imgsig.errors import OtherIndexError
from imgsig.index.ports import Operation, Port, ask, run
from imgsig.index.writing import checked, path_of

#: Documents that have the words of a path, which are looked through for the path itself.
_MOST = 10_000
_OWN = {PATH, SIGNATURE, METADATA, f"{WORD}0"}


class ImageMatchIndex:
    """An index that image-match has filled, or could have.

    `prefix` is where its fields are: below the name of a type, or at the top level (""). With None
    it is read from the index's mapping, and is `doc_type` in a new index.
    """

    def __init__(self, port: Port, name: str, doc_type: str, prefix: str | None) -> None:
        self._port, self._name, self._doc_type = port, name, doc_type
        self._prefix = prefix

    def insert(self, record: dict[str, Any], refresh: bool | str) -> None:
        """Add a record under a new id."""
        prefix = self._found_prefix()
        body = {prefix: record} if prefix else record
        params = {"refresh": refresh if refresh == "wait_for" else bool(refresh)}
        run(self._port, _written(self._name, params, body))

    def search(
        self, record: Mapping[str, Any], size: int, timeout: str, pre_filter: Any
    ) -> list[dict[str, Any]]:
        """What has words of a record in common with it, the most first, at whatever distance."""
        body = search_body(words_of(record), self._found_prefix(), pre_filter)
        # Not as parameters: opensearch-py takes one called timeout for its own.
        hits = run(self._port, _found(self._name, {**body, "size": size, "timeout": timeout}))
        if not hits:
            return []
        sources = [self._record_of(hit) for hit in hits]
        signatures = [source.get(SIGNATURE) for source in sources]
        length = len(record[SIGNATURE])
        for hit, signature in zip(hits, signatures, strict=True):
            if not isinstance(signature, list) or len(signature) != length:
                raise OtherIndexError(
                    f"index {self._name!r}: document {hit['_id']!r} has no signature of {length} "
                    "integers; n_grid must be that of the index, and layout= names that of an "
                    "index that was migrated"
                )
        apart = normalized_distance(
            np.array(signatures, dtype=np.int8), np.array(record[SIGNATURE], dtype=np.int8)
        )
        return [
            {
                "id": hit["_id"],
                "score": hit["_score"],
                "metadata": source.get(METADATA),
                "path": source.get("url", source.get(PATH)),
                "dist": distance,
            }
            for hit, source, distance in zip(hits, sources, apart.tolist(), strict=True)
        ]

    def delete_duplicates(self, path: str) -> None:
        """Delete all documents of a path but one."""
        name = f"{_below(self._found_prefix())}{PATH}"
        # "and": what has only some of a path's words in it is not looked through.
        query = {"match": {name: {"query": path, "operator": "and"}}}
        body = {"query": query, "_source": [name], "sort": [{"_seq_no": "asc"}], "size": _MOST}
        hits = run(self._port, _found(self._name, body))
        same = [hit["_id"] for hit in hits if self._record_of(hit).get(PATH) == path]
        for duplicate in same[1:]:
            run(self._port, _deleted(self._name, duplicate))

    def _record_of(self, hit: Mapping[str, Any]) -> Mapping[str, Any]:
        source: Mapping[str, Any] = hit.get("_source") or {}
        below = source.get(self._prefix, {}) if self._prefix else source
        return below if isinstance(below, Mapping) else {}

    def _found_prefix(self) -> str:
        if self._prefix is None:
            self._prefix = run(self._port, _prefix_of(self._name, self._doc_type))
        return self._prefix


def search_body(words: Mapping[str, int], prefix: str, pre_filter: Any) -> dict[str, Any]:
    """The request that image-match sends for words.

    Where there is a filter, no word has to match: what has none in common is just the last.

    >>> search_body({"simple_word_0": 7}, "", None)["query"]
    {'bool': {'should': [{'term': {'simple_word_0': 7}}]}}
    """
    below = _below(prefix)
    query: dict[str, Any] = {
        "should": [{"term": {f"{below}{name}": word}} for name, word in words.items()]
    }
    if pre_filter is not None:
        query["filter"] = pre_filter
    return {"query": {"bool": query}, "_source": {"excludes": [f"{below}{WORD}*"]}}


def _below(prefix: str) -> str:
    """What stands before the names of fields."""
    return f"{prefix}." if prefix else ""


def _prefix_of(index: str, doc_type: str) -> Operation[str]:
    """Where the fields are; below the type's name in a new index, or one that has both."""
    response = yield from ask("GET", f"{path_of(index)}/_mapping")
    if response.status == 404:
        return doc_type
    checked(response, index)
    found = [about.get("mappings", {}).get("properties", {}) for about in response.body.values()]
    if any(_OWN & one.get(doc_type, {}).get("properties", {}).keys() for one in found):
        return doc_type
    return "" if any(_OWN & one.keys() for one in found) else doc_type


def _written(index: str, params: Mapping[str, Any], body: Any) -> Operation[None]:
    checked((yield from ask("POST", f"{path_of(index)}/_doc", params, body)), index)


def _found(index: str, body: Mapping[str, Any]) -> Operation[list[dict[str, Any]]]:
    response = yield from ask("POST", f"{path_of(index)}/_search", body=body)
    checked(response, index)
    hits: list[dict[str, Any]] = response.body["hits"]["hits"]
    return hits


def _deleted(index: str, id_: str) -> Operation[None]:
    response = yield from ask("DELETE", f"{path_of(index)}/_doc/{quote(id_, safe='')}")
    if response.status != 404 or response.error:  # someone else has deleted it meanwhile
        checked(response, index)
