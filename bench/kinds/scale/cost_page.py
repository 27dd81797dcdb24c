"""What answers bring, and words as filter of bits, at each size: sentences and tables."""

import pandas as pd

from bench.cost.searching import at_base
from bench.evaluate.measures import RECALL_AT_1
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


def narrowed(live: pd.DataFrame) -> pd.DataFrame:
    """Of the indices of bits and words, a row for each least number of words; 0 is none.

    Empty where no words narrowed anything.
    """
    if "filtering_words" not in live:
        return pd.DataFrame()
    both = live.loc[live["filtering_words"] > 0, "variant"].unique()
    own = live[live["variant"].isin(both)]
    own = own.assign(hits_a_query=own["hits"] / own["queries"])
    columns = ["documents", "variant", "filtering_words", "hits_a_query", "candidate_recall"]
    columns += [RECALL_AT_1.name, "latency_p50", "ratio_to_exact", "ratio_low", "ratio_high"]
    return own[columns].reset_index(drop=True)


def narrowed_sentences(table: pd.DataFrame) -> list[str]:
    """What words as filter save and lose at the largest size."""
    if table.empty:
        return []
    said = []
    largest = table[table["documents"] == table["documents"].max()]
    for variant, own in largest.groupby("variant", sort=False):
        whole = own[own["filtering_words"] == 0].iloc[0]
        for row in own[own["filtering_words"] > 0].to_dict("records"):
            least = row["filtering_words"]
            words = "a word" if least == 1 else f"{least} words"
            said.append(
                f"At {row['documents']:,} documents comparing with the bits of those alone that "
                f"share {words} with the query takes {variant} "
                f"{rounded(row['ratio_to_exact'], '.2f')} times as long as comparing with all "
                f"({between(row['ratio_low'], row['ratio_high'], '.2f')}); a right answer is among "
                f"the hits of {rounded(row['candidate_recall'])} of the queries in place of "
                f"{rounded(whole['candidate_recall'])}."
            )
    return said


def narrowed_listings(live: pd.DataFrame) -> list[Listing]:
    """The table of words as filter, where they were."""
    table = narrowed(live)
    if table.empty:
        return []
    return [
        Listing(
            "Words as filter of bits",
            "One request each: only documents that share so many words with the query are "
            "compared, 0 for all of them. Hits were those of the exact computation, document for "
            "document; ratios are to comparing with all, in the first index that does.",
            table,
        )
    ]
