"""What answers bring, and what filters cost and save, at each size: sentences and tables."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bench.cost.searching import at_base
from bench.kinds.scale.live import UNFILTERED
from bench.report.axes import where
from bench.report.page import Listing
from bench.report.rounding import between, rounded, sized


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


def narrowed(live: pd.DataFrame, by: str) -> pd.DataFrame:
    """Requests with a filter and without, of the indices that were asked with it.

    `by` is ``filtering_words`` or ``filtered_share``. Empty where it was not varied.
    """
    if by not in live:
        return pd.DataFrame()
    for other in UNFILTERED.keys() & set(live) - {by}:
        live = live[live[other] == UNFILTERED[other]]
    asked = live.loc[live[by] != UNFILTERED[by], "variant"].unique()
    own = live[live["variant"].isin(asked)]
    own = own.assign(hits_a_query=own["hits"] / own["queries"])
    columns = ["documents", "variant", "num_candidates", by, "hits_a_query", "recall"]
    columns += ["candidate_recall", "latency_p50"]
    columns += ["ratio_to_unfiltered", "unfiltered_low", "unfiltered_high"]
    return own[columns].reset_index(drop=True)


def narrowed_sentences(live: pd.DataFrame) -> list[str]:
    """What filters save and lose at the largest size."""
    largest = live[live["documents"] == live["documents"].max()]
    return [
        *_words_sentences(narrowed(largest, "filtering_words")),
        *_share_sentences(narrowed(largest, "filtered_share")),
    ]


def _words_sentences(table: pd.DataFrame) -> list[str]:
    """A sentence an index: every least number of words, then what is found."""
    if table.empty:
        return []
    said = []
    for variant, own in table.groupby("variant", sort=False):
        whole = own[own["filtering_words"] == 0].iloc[0]
        rows = own[own["filtering_words"] > 0].sort_values("filtering_words").to_dict("records")
        least = ", ".join(str(row["filtering_words"]) for row in rows)
        found = ", ".join(rounded(row["candidate_recall"]) for row in rows)
        said.append(
            f"At {whole['documents']:,} documents comparing with the bits of those alone that "
            f"share {least} words with the query takes {variant} {', '.join(map(_times, rows))} as "
            f"long as comparing with all; a right answer is among the hits of {found} of the "
            f"queries in place of {rounded(whole['candidate_recall'])}."
        )
    return said


def _share_sentences(table: pd.DataFrame) -> list[str]:
    """A sentence a share, of the indices that compare with everything."""
    if table.empty:
        return []
    filtered = table[(table["filtered_share"] < 1) & (table["num_candidates"] == 0)]
    return [
        f"At {own['documents'].iloc[0]:,} documents, with a filter on the path that keeps "
        f"{rounded(share, '.0%')} of them, the time of a search beside that without it is: "
        + ", ".join(f"{row['variant']} {_times(row)}" for row in own.to_dict("records"))
        + "."
        for share, own in filtered.groupby("filtered_share", sort=False)
    ]


def _times(row: Mapping[Any, Any]) -> str:
    ends = between(row["unfiltered_low"], row["unfiltered_high"], ".2f")
    return f"{rounded(row['ratio_to_unfiltered'], '.2f')} times ({ends})"


def narrowed_listings(live: pd.DataFrame) -> list[Listing]:
    """The tables of filters, of those that there were."""
    listings = [
        Listing(
            "Words as filter of bits",
            "One request each: only documents that share so many words with the query are "
            "compared, 0 for all of them. Hits were those of the exact computation, document for "
            "document; ratios are to the same request of all documents.",
            narrowed(live, "filtering_words"),
        ),
        Listing(
            "A filter beside the search",
            "A range of paths keeps the share of the documents, the same one in every search, so "
            "that an engine may keep what it matches; 1 is no filter. The paths follow each other, "
            "as of a folder or a period: documents that lie scattered may take longer. Hits were "
            "those of the exact computation among the documents kept, of graphs as many as recall "
            "says; right answers may be among those left out.",
            narrowed(live, "filtered_share"),
        ),
    ]
    return [listing for listing in listings if not listing.table.empty]
