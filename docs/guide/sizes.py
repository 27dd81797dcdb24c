"""What wins at which size, made from the committed scale runs that searched or grew large."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bench.cost.searching import at_base
from bench.evaluate.measures import UAP
from bench.kinds.scale.cost_page import narrowed_sentences
from bench.kinds.scale.page import held_out_sentences, tested_fits
from bench.kinds.scale.quality import VALUE
from bench.kinds.scale.search_page import search_sentences
from bench.kinds.scale.winners import winners
from bench.report.axes import where
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder
from guide.figures import wrapped
from guide.graphs import graphs, graphs_again
from guide.markdown import table

_RESULTS = Path(__file__).resolve().parents[2] / "results"
RUN = RunFolder(_RESULTS / "reference-scale-1m")
NARROWED = RunFolder(_RESULTS / "reference-scale-200k")
LARGE = RunFolder(_RESULTS / "reference-scale-8m")
LARGE_TAGGED = RunFolder(_RESULTS / "reference-scale-8m-tagged")
LARGE_SEARCHED = RunFolder(_RESULTS / "reference-scale-8m-searched")
#: Runs of indices with a million documents and more, the smaller ones first.
GROWN = [
    RunFolder(_RESULTS / f"reference-scale-{name}")
    for name in ("2m", "8m", "8m-searched", "8m-tagged", "20m")
]
#: Conditions of which a table is shown: what differs from the base, and what it is called.
_CONDITIONS: dict[str, dict[str, Any]] = {
    "one client, second sort key": {},
    "without the second sort key": {"second_key": False},
    "ids alone fetched": {"fetch": "id"},
    "at least 3 equal words": {"minimum_should_match": 3},
    "while documents are added": {"ingest": True},
}


def winners_by_size() -> str:
    """Sentences of the page, and bytes, milliseconds and recall of each index at each size."""
    found = winners(RUN)
    sizes = sorted(found["documents"].unique())
    rows = []
    for name, own in found.groupby("variant", sort=False):
        at = own.set_index("documents")
        rows.append(
            (
                f"`{name}`",
                *(rounded(at.loc[size, "bytes_per_document"], ",.0f") for size in sizes),
                *(rounded(at.loc[size, "p50"], ",.1f") for size in sizes),
                *(rounded(at.loc[size, "found"] / at.loc[size, "answerable"]) for size in sizes),
            )
        )
    headings = ["index", *(f"{what} {_short(size)}" for what in _WHAT for size in sizes)]
    said = "".join(f"- {one}\n" for one in search_sentences(RUN, RUN.manifest()["tables"]))
    return said + "\n" + table(headings, rows, " " + "r" * 3 * len(sizes))


#: What the columns of a size hold: bytes a document, milliseconds, recall of the 100 best.
_WHAT = ("B", "ms", "recall")


def conditions(run: RunFolder = RUN) -> str:
    """Milliseconds at the largest size under each condition, and searches a second."""
    cost = where(run.table("search_cost"), clock="latency")
    cost = cost[cost["documents"] == cost["documents"].max()]
    names = list(dict.fromkeys(cost["variant"]))
    rows = [
        (f"ms, {label}", *_cells(at_base(cost, **changes), "p50", ",.1f", names))
        for label, changes in _CONDITIONS.items()
    ]
    rows += [
        (
            f"searches a second, {clients} {'client' if clients == 1 else 'clients'}",
            *_cells(at_base(cost, clients=clients), "throughput", ",.0f", names),
        )
        for clients in sorted(cost["clients"].unique().tolist())
    ]
    return table(["", *(f"`{name}`" for name in names)], rows, " " + "r" * len(names))


def _cells(rows: pd.DataFrame, column: str, places: str, names: list[str]) -> list[str]:
    """A value of each index; a dash where it has none."""
    values = rows.set_index("variant")[column]
    return [rounded(values[name], places) if name in values else "–" for name in names]


#: Columns of a condition of the run that narrows searches: what differs from the base.
_REQUESTS: dict[str, dict[str, Any]] = {
    "": {},
    ", ids alone": {"fetch": "id"},
    ", all words as one set": {"terms_set": True},
    ", eight in one request": {"together": 8},
}


def narrowed() -> str:
    """What an answer brings, and what other requests and filters take, at 200,000 documents."""
    cost, live = where(NARROWED.table("search_cost"), clock="latency"), NARROWED.table("live")
    cost = cost[cost["documents"] == cost["documents"].max()]
    names = list(dict.fromkeys(cost["variant"]))
    rows = []
    for label, changes in _REQUESTS.items():
        own = at_base(cost, **changes)
        rows.append((f"ms{label}", *_cells(own, "p50", ",.1f", names)))
        if not changes.get("terms_set"):
            sizes = own.assign(kilobytes=own["answer_bytes"] / 1000)
            rows.append((f"kB{label}", *_cells(sizes, "kilobytes", ",.0f", names)))
    said = "".join(f"- {one}\n" for one in narrowed_sentences(live))
    headings = ["", *(f"`{name}`" for name in names)]
    return table(headings, rows, " " + "r" * len(names)) + "\n" + said


def searched_large() -> str:
    """Each index at the largest size that was searched: bytes, their forecast, what is found."""
    of_size = where(LARGE_SEARCHED.table("sizes"), origin="collection")
    largest = of_size[of_size["documents"] == of_size["documents"].max()].set_index("variant")
    found = LARGE_SEARCHED.table("live")
    rows = [
        (
            f"`{row['variant']}`",
            rounded(largest.loc[row["variant"], "bytes_per_document"], ".1f"),
            rounded(largest.loc[row["variant"], "store_bytes"] / 1e6, ",.0f"),
            rounded(row["candidate_recall"]),
            rounded(row["latency_p50"], ",.0f"),
            rounded(row["took_mean"], ",.0f"),
        )
        for row in found[found["documents"] == found["documents"].max()].to_dict("records")
    ]
    headings = ["index", "B a document", "MB", "recall", "ms", "the engine's, mean"]
    return table(headings, rows, " rrrrr") + "\n" + wrapped(_predictions(LARGE_SEARCHED))


def _predictions(run: RunFolder) -> str:
    """How far off the straight line through the smaller sizes is at the largest."""
    sizes = sorted(run.table("sizes")["documents"].unique())
    told = [
        f"{rounded(row['predicted'], '.1f')} bytes a document of `{row['variant']}` "
        f"({rounded(100 * row['error'], '+.1f')} %, "
        f"{'inside' if row['inside'] else 'outside'} its prediction interval)"
        for row in where(run.table("fits"), model="line").to_dict("records")
    ]
    return (
        f"A straight line through the sizes up to {sizes[-2]:,} documents predicts "
        f"{' and '.join(told)}."
    )


def postings() -> str:
    """How many postings a search touches."""
    own = RUN.table("postings")
    own = own[own["documents"] == own["documents"].max()].set_index("source")
    told = [
        f"{name.replace('x', ' words of ')} touch {rounded(row['postings_over_documents'], '.2f')}"
        for name, row in own.iterrows()
    ]
    return wrapped(
        "A search adds up the postings of its words, and short words are shared by many documents. "
        f"For every document of the index {', '.join(told)} postings: that is what a search takes, "
        "not the number of words. Bits are compared with every document's."
    )


def quality(run: RunFolder = RUN) -> str:
    """UAP of each source and scoring at each size, and what a cutoff of the smallest keeps."""
    every = where(run.table("quality"), measure=UAP.name)
    sizes = sorted(every["documents"].unique())
    kept = where(run.table("fixed_cutoffs"), target="P99").set_index(["source", "scoring"])
    rows = []
    for key, own in every.groupby(["source", "scoring"], sort=False):
        source, scoring = map(str, key)  # type: ignore[arg-type]
        values = own.set_index("documents")["value"]
        fixed = kept.loc[(source, scoring)].set_index("documents")
        rows.append(
            (
                source,
                "as it is" if scoring == VALUE else "less background",
                *(rounded(values[size]) for size in sizes),
                *(rounded(fixed["precision"][size]) for size in sizes),
                *(rounded(fixed["recall"][size]) for size in sizes),
            )
        )
    columns = (UAP.name, "precision", "recall")
    headings = ["ranked by", "value", *(f"{name} {_short(n)}" for name in columns for n in sizes)]
    return table(headings, rows, "  " + "r" * 3 * len(sizes)) + "\n" + _at_the_largest(run)


def _at_the_largest(run: RunFolder) -> str:
    """What cutoffs of margins, tuned at the smallest size, keep at the largest, with intervals."""
    cutoffs = run.table("fixed_cutoffs")
    cutoffs = cutoffs[
        (cutoffs["documents"] == cutoffs["documents"].max()) & (cutoffs["scoring"] != VALUE)
    ]
    rows = [
        (
            row["source"],
            row["target"],
            f"{row['cutoff']:.3g}",
            row["right"] + row["wrong"],
            *(
                f"{rounded(row[name])} ({between(row[f'{name}_low'], row[f'{name}_high'])})"
                for name in ("precision", "recall")
            ),
        )
        for row in cutoffs.to_dict("records")
    ]
    headings = ["ranked by", "tuned for", "cutoff", "hits kept", "precision", "recall"]
    return (
        wrapped(
            f"At {cutoffs['documents'].max():,} documents, of {cutoffs['queries'].max()} queries, "
            "less background:"
        )
        + "\n"
        + table(headings, rows, "  rrrr")
    )


def grown() -> str:
    """Each of the largest indices, and what the smaller sizes of its run predict of it."""
    rows = []
    for run in GROWN:
        sizes = where(run.table("sizes"), origin="collection")
        fits, used = tested_fits(run)
        # Of too few sizes a straight line alone predicts anything.
        tested = pd.concat([where(fits, model="line"), used])
        predicted = tested.drop_duplicates("variant", keep="last").set_index("variant")
        for row in sizes[sizes["documents"] == sizes["documents"].max()].to_dict("records"):
            fit = predicted.loc[row["variant"]]
            rows.append(
                (
                    f"`{row['variant']}`",
                    f"{row['documents']:,}",
                    rounded(row["store_bytes"] / 1e9, ".2f"),
                    rounded(row["bytes_per_document"], ",.1f"),
                    rounded(fit["predicted"], ",.1f"),
                    f"{rounded(fit['predicted_low'], ',.1f')} to "
                    f"{rounded(fit['predicted_high'], ',.1f')}",
                    rounded(100 * fit["error"], "+.1f"),
                )
            )
    headings = [
        "index",
        "documents",
        "GB",
        "B a document",
        "predicted",
        "interval",
        "predicted is off by, %",
    ]
    return table(headings, rows, " rrrrrr")


def tagged() -> str:
    """How much less a document takes in the largest indices of words and signatures."""
    sizes = where(LARGE_TAGGED.table("sizes"), origin="collection")
    small, large = sorted(sizes["documents"].unique())[-2:]
    told = []
    for name, own in sizes.groupby("variant", sort=False):
        at = own.set_index("documents")["bytes_per_document"]
        told.append(
            f"`{name}` takes {rounded(at[large], ',.0f')} bytes a document with {large:,}, and "
            f"{rounded(at[small], ',.0f')} with {small:,}"
        )
    held_out = " ".join(held_out_sentences(LARGE_TAGGED))
    return wrapped(f"{'; '.join(told)}. {held_out}")


def reported() -> str:
    """The largest index that was loaded, beside what small ones predicted and what users report."""
    sizes = where(LARGE.table("sizes"), origin="collection")
    largest = sizes.loc[sizes["documents"].idxmax()]
    users = LARGE.table("reported").set_index("figure").loc["without_signature"]
    more = users["reported_gb"] * 1e9 / largest["store_bytes"] - 1
    return (
        wrapped(" ".join(held_out_sentences(LARGE)))
        + "\n"
        + wrapped(
            f"`{largest['variant']}` with {largest['documents']:,} documents takes "
            f"{rounded(largest['store_bytes'] / 1e9, ',.2f')} GB, "
            f"{rounded(largest['bytes_per_document'], ',.0f')} bytes each. Users report "
            f"{rounded(users['reported_gb'], '.1f')} GB at just this size, "
            f"{rounded(100 * more, '.0f')} % more: [a timestamp and the field "
            "`_all`](explanation/claims.md) of that time's Elasticsearch are most of it."
        )
    )


def _short(documents: int) -> str:
    """``20k``, ``1M``."""
    return f"{documents / 10**6:.2g}M" if documents >= 10**6 else f"{documents / 1000:g}k"


OF_SIZES: dict[str, Callable[[], str]] = {
    "winners": winners_by_size,
    "conditions": conditions,
    "searched-large": searched_large,
    "conditions-large": partial(conditions, LARGE_SEARCHED),
    "quality-large": partial(quality, LARGE_SEARCHED),
    "narrowed": narrowed,
    "graphs": graphs,
    "graphs-again": graphs_again,
    "postings": postings,
    "quality": quality,
    "grown": grown,
    "tagged": tagged,
    "reported": reported,
}
"""Made parts of the page on sizes by the name in their marks."""
