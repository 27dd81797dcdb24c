"""The page of a node run: sentences, and its tables."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from bench.kinds.nodes.arrangements import COPIED, SHARDED, WHOLE
from bench.kinds.nodes.losing import ERROR, PARTIAL
from bench.kinds.nodes.recovery import AGAIN, BEFORE, MISSING
from bench.report.axes import where
from bench.report.page import Listing
from bench.report.rounding import between, rounded, sized
from bench.runs.folder import RunFolder


def node_verdict(folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
    """What shards and replicas take and change, and what losing a node does, in sentences."""
    sizes, gone = folder.table("sizes"), folder.table("gone")
    return [
        *size_sentences(sizes, manifest["engine"]["nodes"]),
        _answers(folder.table("answers"), sizes, manifest["verified_hits"]),
        *loss_sentences(folder.table("recovery"), folder.table("outcomes")),
        *gone_sentences(gone, folder.table("outcomes")),
        *_speed(folder.table("searches")),
    ]


def size_sentences(sizes: pd.DataFrame, nodes: int) -> list[str]:
    """Bytes of each index with replicas beside those that one shard predicted."""
    return [
        f"{row['variant']}: {row['documents']:,} documents in {row['shards']} shards with "
        f"{_replicas(row['replicas'])} each take {sized(row['store_bytes'])} on {nodes} nodes; "
        f"{sized(row['foretold_bytes'])} are predicted from one shard with as many documents as "
        f"each holds: {rounded(100 * row['difference'], '+.2f')} %."
        for row in where(sizes, arrangement=COPIED).to_dict("records")
    ]


def _replicas(count: int) -> str:
    return "a replica" if count == 1 else f"{count} replicas"


def _answers(answers: pd.DataFrame, sizes: pd.DataFrame, verified: int) -> str:
    own = where(answers, arrangement=SHARDED).drop_duplicates(["variant", "query"])
    shards = where(sizes, arrangement=SHARDED)["shards"].iloc[0]
    return (
        f"All {len(own):,} answers of {shards} shards are those of one, and so are those of their "
        f"copies: each of {verified:,} hits has the score that was computed without an engine, and "
        "only which documents of the last score are named may differ."
    )


def loss_sentences(recovery: pd.DataFrame, outcomes: pd.DataFrame) -> list[str]:
    """What searches of indices with replicas met from the loss on, and when all was whole again."""
    said = []
    for row in recovery.to_dict("records"):
        own = where(outcomes, variant=row["variant"], arrangement=COPIED)
        own = own[own["phase"] != BEFORE]
        failed = int(own[[ERROR, PARTIAL]].to_numpy().sum())
        again = (
            f"every copy was there again after {rounded(row['copies'], '.1f')} s, in "
            f"{sized(row['store_after'])} on {row['nodes_left']} nodes "
            f"({rounded(100 * row['difference'], '+.2f')} %)"
            if np.isfinite(row["copies"])
            else "not every copy was there again within the limit"
        )
        noticed = (
            f"The cluster noticed after {rounded(row['noticed'], '.1f')} s, every shard had a "
            f"primary after {rounded(row['primaries'], '.1f')} s"
            if np.isfinite(row["primaries"])
            else "The cluster did not have every shard again within the limit"
        )
        said.append(
            f"{row['variant']}: a node was killed; of {own['searches'].sum():,} searches that were "
            f"under way or came later {failed} failed, the longest took "
            f"{rounded(own['longest_ms'].max(), ',.0f')} ms, and the answers were those of before. "
            f"{noticed}, and {again}."
        )
    return said


def gone_sentences(gone: pd.DataFrame, outcomes: pd.DataFrame) -> list[str]:
    """What went with the node where there was no replica, and what searches were told."""
    said = []
    for row in gone.to_dict("records"):
        own = where(outcomes, variant=row["variant"], arrangement=SHARDED)
        refused = int(own[[ERROR, PARTIAL]].to_numpy().sum())
        said.append(
            f"{row['variant']}: without a replica {rounded(100 * row['share_gone'], '.1f')} % of "
            f"the documents were gone with the node, and {refused} of {own['searches'].sum()} "
            "searches were told so."
        )
    return said


def _own_phases(outcomes: pd.DataFrame) -> pd.DataFrame:
    """The table, in which an index without replicas never has all copies again."""
    never = (outcomes["arrangement"] == SHARDED) & (outcomes["phase"] == AGAIN)
    return outcomes.assign(phase=outcomes["phase"].mask(never, MISSING))


def _speed(searches: pd.DataFrame) -> list[str]:
    told = [
        f"{row['variant']} {row['arrangement']} {rounded(row['ratio'], '.2f')} "
        f"({between(row['ratio_low'], row['ratio_high'], '.2f')})"
        for row in searches[searches["arrangement"] != WHOLE].to_dict("records")
    ]
    return [
        f"Time of a search over that of one shard: {', '.join(told)}. All nodes share the cores "
        "of one machine: nothing of this predicts the speed of as many machines."
    ]


def node_listings(folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
    """The tables of the page."""
    return [
        Listing(
            "What does each index take?",
            "All copies, settled, one segment a shard; predicted: shards × copies × the store of "
            "`part`, which holds the first documents, as many as each shard: numbers that follow "
            "each other, which share more of their ids, and more of the real ones.",
            folder.table("sizes"),
        ),
        Listing(
            "Where does each copy lie?",
            f"Settled, and once {manifest['lost_node']} is lost and what can be made again is "
            "there.",
            folder.table("shards"),
        ),
        Listing(
            "What does a search take?",
            "The same queries in turn, ids alone fetched, one client; took: the engine's own whole "
            "milliseconds, ratio: of the client's medians to one shard. All nodes share the cores "
            "of one machine.",
            folder.table("searches"),
        ),
        Listing(
            "What did searches meet while a node was lost?",
            "One client, of the first node. Same: the hits of before, score for score. Error: no "
            "answer. Partial: an answer of some shards only, which says so.",
            _own_phases(folder.table("outcomes")),
        ),
        Listing(
            "How long until all is whole again?",
            "Seconds since the node was killed. Copies are made again after "
            f"{manifest['config']['loss']['delayed']} s "
            "(index.unassigned.node_left.delayed_timeout; a minute where nobody sets it).",
            folder.table("recovery"),
        ),
        Listing(
            "What is gone without replicas?",
            "Documents of the shards that were on the node.",
            folder.table("gone"),
        ),
    ]
