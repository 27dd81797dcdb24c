"""What a client noticed of a lost node, and how long the cluster took to be whole again.

``recovery``
    One row a variant, with copies: seconds from when the node was killed until the cluster counts
    one less (``noticed``), until every shard has a primary (``primaries``) and until every copy is
    there again (``copies``), NaN where that was not within the limit; its bytes before and after.
``outcomes``
    One row an index and phase: searches by their outcome, and how long they took. The phase is that
    of the variant's index with copies; the one without is searched at its end.
``gone``
    One row a variant, without copies: the documents that went with the node.
"""

import pandas as pd

from bench.kinds.nodes.arrangements import COPIED, SHARDED
from bench.kinds.nodes.copies import LOST, SETTLED
from bench.kinds.nodes.losing import DIFFERENT, ERROR, PARTIAL, SAME
from bench.runs.check import Check, agree
from bench.runs.errors import WrongIndexError

#: Phases of a loss.
BEFORE, MISSING, AGAIN = "before", "a copy missing", "all copies again"


def recovery_table(
    indices: pd.DataFrame, health: pd.DataFrame, shards: pd.DataFrame
) -> pd.DataFrame:
    """The table ``recovery``."""
    rows = []
    for one in indices[indices["arrangement"] == COPIED].to_dict("records"):
        own = health[health["index"] == one["index"]]
        nodes = int(own["nodes"].iloc[0])
        after = own[(own["seconds"] >= 0) & (own["nodes"] < nodes)]
        every = shards[(shards["variant"] == one["variant"]) & (shards["arrangement"] == COPIED)]
        store = every.groupby("moment")["store_bytes"].sum()
        left = every[every["moment"] == LOST]
        rows.append(
            {
                "variant": one["variant"],
                "noticed": _first(after),
                "primaries": _first(after[after["status"] != "red"]),
                "copies": _first(after[after["status"] == "green"]),
                "nodes": nodes,
                "nodes_left": left["node"].nunique(),
                "store_before": int(store[SETTLED]),
                "store_after": int(store[LOST]),
                "difference": store[LOST] / store[SETTLED] - 1,
            }
        )
    return pd.DataFrame(rows)


def _first(rows: pd.DataFrame) -> float:
    return float(rows["seconds"].min()) if len(rows) else float("nan")


def outcomes_table(lost: pd.DataFrame, recovery: pd.DataFrame) -> pd.DataFrame:
    """The table ``outcomes``."""
    again = lost["variant"].map(recovery.set_index("variant")["copies"])
    phase = pd.Series(MISSING, index=lost.index)
    # One that was under way when the node was killed met the loss.
    phase[lost["seconds"] + lost["latency_ms"] / 1000 < 0] = BEFORE
    phase[lost["seconds"] >= again] = AGAIN
    rows = []
    for key, own in lost.groupby(["variant", "arrangement", phase.rename("phase")], sort=False):
        counts = own["outcome"].value_counts()
        rows.append(
            {
                **dict(zip(("variant", "arrangement", "phase"), key, strict=True)),
                "searches": len(own),
                **{name: int(counts.get(name, 0)) for name in (SAME, PARTIAL, ERROR)},
                "reasons": ", ".join(sorted(set(own["reason"]) - {""})),
                "latency_p50": float(own["latency_ms"].median()),
                "longest_ms": float(own["latency_ms"].max()),
            }
        )
    return pd.DataFrame(rows)


def gone_table(indices: pd.DataFrame, shards: pd.DataFrame) -> pd.DataFrame:
    """The table ``gone``."""
    rows = []
    for one in indices[indices["arrangement"] == SHARDED].to_dict("records"):
        own = shards[(shards["variant"] == one["variant"]) & (shards["arrangement"] == SHARDED)]
        left = own[own["moment"] == LOST]
        documents = int(left["documents"].sum())
        rows.append(
            {
                "variant": one["variant"],
                "documents": one["documents"],
                "documents_left": documents,
                "share_gone": 1 - documents / one["documents"],
                "shards": one["shards"],
                "shards_left": len(left),
            }
        )
    return pd.DataFrame(rows)


def refuse_different(lost: pd.DataFrame) -> None:
    """Raise `WrongIndexError` where a whole answer was not the one of before."""
    wrong = lost[lost["outcome"] == DIFFERENT]
    if len(wrong):
        first = wrong.iloc[0]
        raise WrongIndexError(
            f"{first['variant']}, {first['arrangement']}, query {first['query']}: "
            f"{first['seconds']:.1f} s after a node was lost the engine gave other hits, as if "
            f"they were all ({len(wrong):,} of {len(lost):,} answers). Run again to lose a node "
            "again, and report it if it stays"
        )


def check_lost(lost: pd.DataFrame, gone: pd.DataFrame) -> Check:
    """Whether no search was answered wrongly, and none of an index that had lost documents."""
    problems = [
        f"{row.variant}, query {row.query}: {row.outcome} hits at {row.seconds:.1f} s"
        for row in lost[lost["outcome"] == DIFFERENT].itertuples()
    ]
    lacking = set(gone.loc[gone["documents_left"] < gone["documents"], "variant"])
    told = lost[(lost["arrangement"] == SHARDED) & lost["variant"].isin(lacking)]
    problems += [
        f"{row.variant}, query {row.query}: whole, though documents are gone"
        for row in told[told["outcome"] == SAME].itertuples()
    ]
    return agree("no answer was silently another", problems, f"{len(lost):,} searches")
