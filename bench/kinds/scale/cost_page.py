"""What comes back with a search at each size: sentences and tables of a scale run."""

import pandas as pd

from bench.cost.searching import at_base
from bench.report.axes import where
from bench.report.page import Listing
from bench.report.rounding import rounded, sized


def fetched(cost: pd.DataFrame) -> pd.DataFrame:
    """Milliseconds and bytes of an answer of each index, a row for what its hits return.

    Empty where bytes were not counted.
    """
    columns = ["documents", "variant", "fetch", "p50", "hits", "answer_bytes"]
    if "answer_bytes" not in cost:
        return pd.DataFrame(columns=columns)
    by_client = where(cost, clock="latency")
    parts = pd.concat([at_base(by_client, fetch=one) for one in cost["fetch"].unique()])
    index = ["documents", "variant"]
    order = {key: place for place, key in enumerate(parts.groupby(index, sort=False).groups)}
    places = parts[index].apply(tuple, axis=1).map(order)
    return parts[columns].iloc[places.argsort(kind="stable")].reset_index(drop=True)


def fetched_sentences(table: pd.DataFrame) -> list[str]:
    """What signatures in the hits take at the largest size, of each index that stores them."""
    said = []
    largest = table[table["documents"] == table["documents"].max()]
    for variant, own in largest.groupby("variant", sort=False):
        of = own.set_index("fetch")
        if not {"signature", "id"} <= set(of.index):
            continue
        full, ids = of.loc["signature"], of.loc["id"]
        if full["answer_bytes"] - ids["answer_bytes"] <= full["hits"]:  # none is stored
            continue
        said.append(
            f"At {own['documents'].iloc[0]:,} documents an answer of {variant} with the signatures "
            f"of its hits is {sized(full['answer_bytes'])} and takes {rounded(full['p50'], '.1f')} "
            f"ms, with ids alone {sized(ids['answer_bytes'])} and {rounded(ids['p50'], '.1f')} ms."
        )
    return said


def fetched_listings(cost: pd.DataFrame) -> list[Listing]:
    """The table of what comes back, where bytes were counted."""
    table = fetched(cost)
    if table.empty:
        return []
    return [
        Listing(
            "What an answer brings",
            "Bytes are those of the body of an answer on the connection, which is not compressed, "
            "on average; milliseconds the median by the client's clock. Without a stored signature "
            "hits bring their ids.",
            table,
        )
    ]
