"""Bytes of every copy of every shard, and what they come to.

``indices``
    One row an index: what it is, and its bytes as the engine tells them: ``store_bytes`` of all
    copies, ``primary_bytes`` of one of each shard, and that before the final merge.
``shards``
    One row a copy of a shard: its node, whether it is the primary, documents and bytes. ``moment``
    is `SETTLED`, or `LOST` once a node is lost and what can be made again is there.
``sizes``
    One row an index: the bytes of its shards, beside those that are predicted from ``part``.
"""

import time
from typing import Any

import pandas as pd

from bench.engine.client import Client, shards_of
from bench.index.storage import POLL
from bench.kinds.nodes.arrangements import PART, SpreadIndex
from bench.report.axes import where
from bench.runs.check import Check, agree
from bench.runs.errors import MeasurementError, WrongIndexError

#: When shards were read.
SETTLED, LOST = "settled", "a node lost"
#: Seconds until two reads must agree.
STEADY = 60.0
#: Settled copies of a shard hold the same, and differ by less than this share.
ALIKE_WITHIN = 0.1


def read_copies(client: Client, index: SpreadIndex, moment: str) -> pd.DataFrame:
    """Rows of ``shards`` of an index, once two reads agree: merged files are deleted later."""
    deadline = time.monotonic() + STEADY
    before = _copies(client, index, moment)
    while time.monotonic() < deadline:
        time.sleep(POLL)
        now = _copies(client, index, moment)
        if now.equals(before):
            return now
        before = now
    raise MeasurementError(
        f"the shards of {index.name!r} keep changing for {STEADY:.0f} s; is something writing to "
        "them? Stop that, then run again"
    )


def check_settled(index: str, copies: pd.DataFrame) -> None:
    """Raise `WrongIndexError` where a copy of a shard holds more than the others do."""
    for shard, own in copies.groupby("shard"):
        least, most = int(own["store_bytes"].min()), int(own["store_bytes"].max())
        if most > (1 + ALIKE_WITHIN) * least or own["documents"].min() < own["documents"].max():
            raise WrongIndexError(
                f"index {index!r} did not settle: copies of shard {shard} take {least:,} to "
                f"{most:,} bytes, and more than {ALIKE_WITHIN:.0%} apart they do not hold the "
                "same; run again to rebuild the index"
            )


def _copies(client: Client, index: SpreadIndex, moment: str) -> pd.DataFrame:
    stats = client.indices.stats(index=index.name, metric=["docs", "store"], level="shards")
    names = {key: one["name"] for key, one in client.nodes.info(metric=["os"])["nodes"].items()}
    rows = [
        {
            "variant": index.variant,
            "arrangement": index.arrangement,
            "moment": moment,
            "shard": int(number),
            "primary": bool(copy["routing"]["primary"]),
            "node": names.get(copy["routing"]["node"], copy["routing"]["node"]),
            "documents": int(copy["docs"]["count"]),
            "store_bytes": int(copy["store"]["size_in_bytes"]),
        }
        for number, copies in shards_of(stats, index.name).items()
        for copy in copies
        if copy["routing"]["state"] == "STARTED"
    ]
    table = pd.DataFrame(rows)
    order = ["shard", "primary", "node"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)


def index_row(client: Client, index: SpreadIndex) -> dict[str, Any]:
    """A row of ``indices``, of an index that is measured."""
    storage, variant = index.state.storage, index.state.variant
    stats = client.indices.stats(index=index.name, metric=["store"])["indices"][index.name]
    return {
        "index": index.name,
        "variant": index.variant,
        "arrangement": index.arrangement,
        "config": variant.key,
        "layout": variant.layout,
        "N": variant.N,
        "documents": storage.size.documents,
        "shards": storage.size.shards,
        "replicas": storage.size.replicas,
        "store_bytes": int(stats["total"]["store"]["size_in_bytes"]),
        "primary_bytes": storage.size.store_bytes,
        "loaded_bytes": storage.loaded.store_bytes,
    }


def sizes_table(indices: pd.DataFrame, shards: pd.DataFrame) -> pd.DataFrame:
    """The table ``sizes``; predicted are shards × copies × the store of ``part``."""
    settled = shards[shards["moment"] == SETTLED]
    stores = settled.groupby(["variant", "arrangement"])["store_bytes"].sum()
    rows = []
    for own in indices.to_dict("records"):
        variant, documents = own["variant"], int(own["documents"])
        store = int(stores[variant, own["arrangement"]])
        copies = int(own["shards"]) * (1 + int(own["replicas"]))
        predicted = copies * float(stores[variant, PART]) if own["shards"] > 1 else float("nan")
        rows.append(
            {
                "variant": variant,
                "arrangement": own["arrangement"],
                "documents": documents,
                "shards": own["shards"],
                "replicas": own["replicas"],
                "store_bytes": store,
                "bytes_per_document": store / documents,
                "foretold_bytes": predicted,
                "difference": store / predicted - 1,
            }
        )
    return pd.DataFrame(rows)


def check_sums(indices: pd.DataFrame, shards: pd.DataFrame) -> Check:
    """Whether copies of shards sum up to the bytes and documents of their indices."""
    settled = shards[shards["moment"] == SETTLED]
    problems = []
    for one in indices.to_dict("records"):
        own = where(settled, variant=one["variant"], arrangement=one["arrangement"])
        found = (len(own), int(own["store_bytes"].sum()), int(own["documents"].sum()))
        copies = 1 + int(one["replicas"])
        wanted = (one["shards"] * copies, one["store_bytes"], one["documents"] * copies)
        for name, got, told in zip(("copies", "bytes", "documents"), found, wanted, strict=True):
            if got != told:
                problems.append(f"{one['index']}: {got:,} {name} in its shards, {told:,} in all")
    return agree("shards sum up to their index", problems, f"{len(settled)} copies of shards")
