"""What an index holds and where, without input and output; see `imgsig.index.ports`."""

from typing import Any

from imgsig.index.opening import Place, engine_of
from imgsig.index.operations import count
from imgsig.index.ports import Operation, ask
from imgsig.index.writing import checked, path_of


def describe(place: Place, family: str) -> Operation[dict[str, Any]]:
    """What an index is, JSON-ready; see `ImageIndex.describe`."""
    engine = yield from engine_of(family)
    documents = yield from count(place)
    path = path_of(place.index)
    listed = yield from ask("GET", f"{path}/_alias")
    checked(listed, place.name)
    stats = yield from ask("GET", f"{path}/_stats/store")
    total = stats.body.get("_all", {}) if stats.status == 200 else {}
    return {
        "name": place.name,
        "index": place.index,
        "aliases": sorted(listed.body.get(place.index, {}).get("aliases", {})),
        "engine": engine,
        "documents": documents,
        # Who may not 'monitor' an index is not told, and a serverless Elasticsearch has no bytes.
        "bytes": total.get("primaries", {}).get("store", {}).get("size_in_bytes"),
        "bytes_with_replicas": total.get("total", {}).get("store", {}).get("size_in_bytes"),
        "identity": place.identity.get_config(),
        "fields": dict(place.fields.declared),
    }
