"""The page of a scoring run: what to store and how to rank."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bench.evaluate.judge import RECALL_AT_99, REPORT
from bench.evaluate.measures import RECALL_AT_1, RECALL_AT_90, UAP
from bench.evaluate.scorings import REFERENCE, get_scoring
from bench.kinds.scoring.choice import NEEDED, not_worse, recommended
from bench.kinds.scoring.clusters import ANY
from bench.kinds.scoring.figures import points
from bench.kinds.scoring.filtered import filter_sentence
from bench.kinds.scoring.graph import graph_sentence
from bench.report.finding import listed, word
from bench.report.page import Listing
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder

_SHOWN = (UAP.name, RECALL_AT_90.name, RECALL_AT_99.name, RECALL_AT_1.name)

#: Scorings whose names do not read well in a sentence.
_IN_WORDS = {
    "count": "the number of equal words",
    "idf": "equal words, weighted by their rarity",
    "hamming": "the number of equal bits",
    "hamming, distance": "the distance of those with the most equal bits",
    "position": "words weighted by position",
    "position_rarity": "words weighted by position and rarity",
}


def scoring_verdict(folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
    """What to store and how to rank, in sentences, each with its figures and intervals."""
    table = points(folder, [REPORT])
    indices = folder.table("indices")
    first = indices["index"].iloc[0]
    reference = table[(table["index"] == first) & (table["scoring"] == REFERENCE)]
    bytes_of_reference = float(indices["bytes_per_document"].iloc[0])
    better = not_worse(folder.table("systems"), folder.table("scorings"))
    better = better[better["bytes_per_document"] < bytes_of_reference]
    sentences = []
    if better.empty:
        sentences.append(
            f"Store what {first} stores and rank by distance: no smaller index was shown to be no "
            f"worse in {' and '.join(NEEDED)}."
        )
    else:
        of_words = indices.loc[~indices["layout"].str.startswith("vector"), "index"]
        stored = indices.loc[indices["codec"] != "none", "index"]
        choices = (
            ("Store", better),
            ("To keep the signature too, lossless, store", better[better["index"].isin(stored)]),
            ("With words alone, on any engine, store", better[better["index"].isin(of_words)]),
        )
        told: set[str] = set()
        for lead, own in choices:
            if len(own) and (name := str(own["index"].iloc[0])) not in told:
                told.add(name)
                sentences.append(_recommended(lead, own.iloc[0], table, bytes_of_reference))
    if (folder.path / "clusters.parquet").is_file():
        sentences.append(_with_copies(folder))
    sentences.append(_as_it_comes(table, reference, first))
    if len(better):
        sentences += _by_part(folder, better.iloc[0], first)
    if (folder.path / "filters.parquet").is_file():
        sentences.append(filter_sentence(folder.table("filters")))
    if (folder.path / "graph.parquet").is_file():
        sentences.append(graph_sentence(folder.table("graph")))
    if (folder.path / "cutoffs.parquet").is_file():
        sentences += _what_values_say(folder)
    sentences.append(
        f"The engine confirmed every one of {manifest['verified_hits']:,} hits in "
        f"{len(indices)} indices."
    )
    return sentences


def _value(rows: pd.DataFrame, measure: str) -> pd.Series:
    return rows[rows["measure"] == measure].iloc[0]


def ranked(scoring: str, k: int) -> str:
    """How a scoring is said in a sentence.

    >>> ranked("hamming - kth", 3)
    'the number of equal bits less the 3rd best of its answer'
    >>> ranked("distance - gap", 1), ranked("position", 0)
    ('distance less the best behind the gap', 'words weighted by position')
    """
    name, _, rule = scoring.partition(" - ")
    nth = "" if k == 1 else f"{k}{ {2: 'nd', 3: 'rd'}.get(k, 'th') } "
    behind = {
        "kth": f" less the {nth}best of its answer",
        "gap": f" less the {nth}best behind the gap",
    }
    return _IN_WORDS.get(name, name) + behind.get(rule, "")


def _recommended(lead: str, best: pd.Series, table: pd.DataFrame, of_reference: float) -> str:
    own = table[(table["index"] == best["index"]) & (table["scoring"] == best["scoring"])]
    said, least = [], []
    for measure in NEEDED:
        row = _value(own, measure)
        ends = row["difference_low"], row["difference_high"]
        least.append(ends[0])
        said.append(
            f"{measure} is {rounded(row['value'])}, there "
            f"{rounded(row['value'] - row['difference'])} (difference "
            f"{rounded(row['difference'], '+.3f')}, {between(*ends, '+.3f')}: "
            f"{word(*ends, row['n'])})"
        )
    size = best["bytes_per_document"]
    found = "better" if min(least) > 0 else "no worse"
    return (
        f"{lead} {best['index']} and rank by {ranked(best['scoring'], int(best['k']))}: "
        f"{rounded(size, ',.0f')} bytes a document in place of {rounded(of_reference, ',.0f')}, "
        f"and {found} than image-match's ranking by distance. {'; '.join(said)}."
        f"{_as_long_as(best['scoring'], int(best['k']))}"
    )


def _as_long_as(scoring: str, k: int) -> str:
    """Say what a background at a rank takes for granted."""
    if not scoring.endswith("kth"):
        return ""
    return f" That holds for pictures with at most {k - 1} copies in the index."


def _as_it_comes(table: pd.DataFrame, reference: pd.DataFrame, first: str) -> str:
    own = table[(table["index"] == first) & (table["scoring"] == "count")]
    return (
        f"The count of {first} as it comes has a {UAP.name} of "
        f"{rounded(_value(own, UAP.name)['value'])} and a {RECALL_AT_90.name} of "
        f"{rounded(_value(own, RECALL_AT_90.name)['value'])}, its distance "
        f"{rounded(_value(reference, UAP.name)['value'])} and "
        f"{rounded(_value(reference, RECALL_AT_90.name)['value'])}: counts of different queries "
        "are not comparable."
    )


def _by_part(folder: RunFolder, best: pd.Series, first: str) -> list[str]:
    table = points(folder)
    own = table[(table["index"] == best["index"]) & (table["scoring"] == best["scoring"])]
    said = []
    for part, rows in own[own["part"] != REPORT].groupby("part", sort=False):
        row = _value(rows, UAP.name)
        ends = row["difference_low"], row["difference_high"]
        said.append(
            f"{part} {rounded(row['value'])} ({between(*ends, '+.3f')}: {word(*ends, row['n'])}; "
            f"{RECALL_AT_1.name} {rounded(_value(rows, RECALL_AT_1.name)['value'])}, "
            f"{RECALL_AT_99.name} {rounded(_value(rows, RECALL_AT_99.name)['value'])})"
        )
    if not said:
        return []
    return [
        f"By part of the queries, {UAP.name} of {best['index']} and its difference from {first} by "
        f"distance: {'; '.join(said)}."
    ]


def _with_copies(folder: RunFolder) -> str:
    """What rules do where copies abound, on the list that has bits, else the first."""
    table = folder.table("clusters")
    table = table[table["measure"] == UAP.name]
    names = [name for name in dict.fromkeys(table["source"]) if name.endswith("bits")]
    own = table[table["source"] == (names or [table["source"].iloc[0]])[0]]
    own = own[[get_scoring(name).value == "score" for name in own["scoring"]]]
    most = int(own["copies"].max())
    every = own[(own["copies"] == ANY) & own["chosen"]].sort_values("value", ascending=False)
    of_most = own[own["copies"] == most].set_index(["scoring", "k"])["value"]
    keys = list(zip(every["scoring"], every["k"], strict=True))
    names = [ranked(scoring, int(k)) for scoring, k in keys]
    values = [
        f"{rounded(value)} by {name}" for value, name in zip(every["value"], names, strict=True)
    ]
    tuned = folder.table("tuned")
    tuned = tuned[tuned["chosen"] & (tuned["source"] == own["source"].iloc[0])]
    kth = [key for key in of_most.index if key[0].endswith("kth")]
    few = tuned[tuned["scoring"].isin([scoring for scoring, _ in kth])].iloc[0]
    low = of_most[few["scoring"], few["k"]]
    those = listed(rounded(of_most[key]) for key in keys)
    return (
        f"Where a picture may have many copies in the index, rank by {names[0]}. With 0 to {most} "
        f"copies, {own['source'].iloc[0]} have a {UAP.name} of {listed(values)}; of the pictures "
        f"with {most}, {those}. By {ranked(few['scoring'], int(few['k']))} these have "
        f"{rounded(low)}: copies are each other's background."
    )


def _what_values_say(folder: RunFolder) -> list[str]:
    """Cutoffs of what is recommended, and whether its probabilities can be trusted."""
    source, scoring = recommended(folder.table("systems"), folder.table("scorings"))
    cutoffs = _of_scoring(folder.table("cutoffs"), source, scoring)
    name = ranked(scoring, int(cutoffs["k"].iloc[0]))
    said = []
    for row in cutoffs.dropna(subset=["cutoff", "held_out_precision"]).to_dict("records"):
        cutoff = f"{row['cutoff']:.4g}"
        kept = f"below {cutoff}" if row["keeps"] == "<" else f"of {cutoff} or more"
        precision, recall = (
            f"{rounded(row[one])} ({between(row[f'{one}_low'], row[f'{one}_high'])})"
            for one in ("held_out_precision", "held_out_recall")
        )
        said.append(
            f"for {100 * row['precision']:g} % precision keep hits {kept}, which reaches "
            f"{precision} at a recall of {recall}"
        )
    sentences = []
    if said:
        sentences.append(
            f"Cutoffs of {name} on {source}, tuned on one half of the scenes and tried on the "
            f"other: {'; '.join(said)}."
        )
    if (folder.path / "calibrated.parquet").is_file():
        own = _of_scoring(folder.table("calibrated"), source, scoring)
        sentences += [
            f"As a probability that the best hit is a match, {name} is off by "
            f"{rounded(told['ece'])} on average ({told['method']} regression; Brier score "
            f"{rounded(told['brier'])}, {between(told['brier_low'], told['brier_high'])}; "
            f"{rounded(told['brier_of_share'])} if every hit were given the same probability)."
            for told in own.to_dict("records")
        ]
    return sentences


def _of_scoring(table: pd.DataFrame, source: str, scoring: str) -> pd.DataFrame:
    return table[(table["source"] == source) & (table["scoring"] == scoring)]


def scoring_listings(folder: RunFolder) -> list[Listing]:
    """The tables of the page."""
    table = points(folder)
    columns = ["index", "scoring", "k", "bytes_per_document", "fetched_bytes", "took_ms"]
    listings = [
        Listing(
            "What does each byte buy?" if part == REPORT else f"The same for {part}",
            "Held-out scenes; difference: paired, to the first index by distance. Bytes fetched "
            "are those of an answer of all hits."
            if part == REPORT
            else "The part of the held-out queries that is so called.",
            _wide(own, columns if part == REPORT else columns[:3]),
        )
        for part, own in table.groupby("part", sort=False)
    ]
    tuned = folder.table("tuned")
    listings.append(
        Listing(
            "Which rank is the background?",
            "Chosen by the half to tune on; the other half is shown beside it.",
            tuned[tuned["k"] > 0],
        )
    )
    more = (
        ("clusters", "What if there are many copies?",
         f"Copies planted among the documents; {ANY}: all queries together."),
        ("bits", "How few bits will do?", "Chosen on the half to tune on."),
        ("plain", "What if plain pictures are refused?",
         "Limit: least share of values that are not 0, of documents and queries."),
    )  # fmt: skip
    tables_of_values = (
        ("cutoffs", "Where is the cutoff?",
         "Loosest cutoff that reaches the precision on the half to tune on, and what it reaches on "
         "the other, with nested intervals."),
        ("cutoffs_by_size", "How does the cutoff move with the collection?",
         "The same of the first documents alone, and of all that are right for some query."),
        ("calibrated", "Is the probability of a match right?",
         "Of the best hit of each answer; fitted on the half to tune on, shown on the other."),
    )  # fmt: skip
    for name, title, note in tables_of_values:
        if (folder.path / f"{name}.parquet").is_file():
            listings.append(Listing(title, note, folder.table(name)))
    for name, title, note in more:
        if (folder.path / f"{name}.parquet").is_file():
            found = folder.table(name)
            listings.append(Listing(title, note, found[found["measure"].isin(NEEDED)]))
    if (folder.path / "filters.parquet").is_file():
        note = (
            "Only documents that share so many words are compared, in one request; difference: "
            "paired, to the same bits without a filter; times in alternation with these."
        )
        found = folder.table("filters")
        shown = found[found["measure"].isin((UAP.name, RECALL_AT_1.name))]
        listings.append(Listing("Do words save time as filter of bits?", note, shown))
    if (folder.path / "graph.parquet").is_file():
        note = (
            "The same queries in alternation on one engine; recall: share of the flat scan's hits; "
            "took: the engine's ms, latency: the client's; ratio: of the client's medians."
        )
        listings.append(Listing("Is a graph faster?", note, folder.table("graph")))
    return listings


def _wide(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """A row an index and scoring, each measure with its interval and difference in columns."""
    rows = []
    for _, own in table.groupby(["index", "scoring"], sort=False):
        row: dict[str, Any] = {name: own[name].iloc[0] for name in columns}
        for one in own[own["measure"].isin(_SHOWN)].to_dict("records"):
            ends = one["difference_low"], one["difference_high"]
            row[one["measure"]] = one["value"]
            row[f"{one['measure']}, interval"] = between(one["low"], one["high"])
            row[f"{one['measure']}, difference"] = (
                f"{rounded(one['difference'], '+.3f')} ({between(*ends, '+.3f')})"
            )
        rows.append(row)
    return pd.DataFrame(rows)
