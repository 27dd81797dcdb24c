"""One run is of one set of pictures: a folder may change while a run waits, or after it."""

from collections.abc import Mapping
from typing import Any

from datasets import Collection, DatasetError, open_collection


def differs(collection: Collection, dataset: Mapping[str, Any]) -> str:
    """How the pictures of a collection are not those that were signed, as a clause; or nothing."""
    if collection.manifest()["sha256"] == dataset["sha256"]:
        return ""
    now, then = len(collection.photographs), dataset["photographs"]
    counted = f"{then:,} then, {now:,} now" if now != then else f"{now:,} as then, but not the same"
    return f"the pictures of {collection.name} have changed since they were signed ({counted})"


def changed(dataset: Mapping[str, Any], tiles: list[int] | None) -> str:
    """As `differs`, of the collection that was signed; the default collection never changes."""
    if dataset["collection"] == "photos":
        return ""
    try:
        return differs(open_collection(dataset["collection"], tiles), dataset)
    except DatasetError as error:
        return f"the pictures that were signed cannot be opened any more: {error}"
