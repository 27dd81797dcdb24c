"""The page "Score or distance?": verdict, figures and tables about ranking."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from bench.evaluate.measures import CANDIDATE_RECALL, DIFFERENCES, SENTENCE, UAP, headlines
from bench.report import part_figures, ranking_figures
from bench.report.axes import where
from bench.report.drawing import MAIN_RANKINGS, RANKING_LABELS, Drawing, Drawn
from bench.report.finding import MARGIN, difference, word
from bench.report.page import page_figures, render
from bench.report.rounding import between, confidence, rounded
from bench.report.summary import cells_sentence, metric
from bench.runs.folder import RunFolder

#: File name of the page, without ending.
NAME = "score-or-distance"
TITLE = "Score or distance?"
#: Tables that the page needs besides those that every run has.
TABLES = ("agreement", "claims", "cut", "cutoffs", "gaps", "growth", "hybrid", "losses", "top")

#: What the verdict on a tuned cutoff means: it is about the tuning, whichever half it is done on.
_SHOWN_BY = {
    "holds": "yes",
    "does not hold": "no, it is less",
    "cannot be told": "cannot be told",
}

#: Figures of the page by file name, each with its alternative text.
FIGURES: Mapping[str, tuple[Callable[..., Drawn], str]] = {
    "ranking_curves": (
        ranking_figures.curves_with_intervals,
        "Precision–recall curves of ranking by score, by distance and by the signs of the words, "
        "with intervals.",
    ),
    "gap_by_part": (
        part_figures.gap_by_part,
        "Micro average precision by score and by distance of each part of the queries, with the "
        "difference and its interval.",
    ),
    "score_against_distance": (
        ranking_figures.scores_against_distances,
        "Scatter of score against distance of right and wrong hits.",
    ),
    "losses": (
        ranking_figures.losses,
        "Stacked bars: what became of the right answers under each ranking.",
    ),
    "hybrid_bands": (
        ranking_figures.hybrid_bands,
        "Quality lost against ranking by distance, by signatures fetched a query.",
    ),
    "cutoffs_by_size": (
        ranking_figures.cutoffs_by_size,
        "Precision of a fixed cutoff, and recall of tuned ones, as the collection grows.",
    ),
}


def figures_of(variant: str) -> dict[str, Drawing]:
    """The figures of the page about a variant."""
    return {name: (partial(draw, variant=variant), alt) for name, (draw, alt) in FIGURES.items()}


def ranked_variant(folder: RunFolder) -> str | None:
    """The first variant that ranks by score and by distance; None where the run has no such page.

    Runs older than the page lack its tables.
    """
    metrics = folder.table("metrics")
    names = metrics.loc[metrics["ranking"] == "distance", "variant"]
    if names.empty or not all((folder.path / f"{name}.parquet").is_file() for name in TABLES):
        return None
    return str(names.iloc[0])


def ranking_verdict(folder: RunFolder, variant: str) -> list[str]:
    """Answer "score or distance?" in sentences, each with figures and intervals.

    Returns
    -------
    list of str
        What ranking by score costs; where it loses, and what a few fetched signatures win back;
        what the words alone achieve.
    """
    metrics, comparisons = folder.table("metrics"), folder.table("comparisons")
    sure = confidence(folder.config()["evaluation"])

    def said(a: str, b: str, measure: str) -> str | None:
        row = difference(comparisons, (variant, a), (variant, b), measure)
        of = (metric(metrics, variant, ranking, measure) for ranking in (a, b))
        return None if row is None else cells_sentence(row, *of, confidence=sure)

    sentences = [
        *(said("distance", "score", measure) for measure in headlines(SENTENCE)),
        _lost(folder, variant, sure),
        said("sign_distance", "distance", UAP.name),
    ]
    return [sentence for sentence in sentences if sentence is not None]


def _lost(folder: RunFolder, variant: str, sure: str) -> str:
    losses, hybrid = folder.table("losses"), folder.table("hybrid")
    rows = where(losses, variant=variant, transform="all", target="P90")
    own = rows.set_index(["ranking", "fate"])["share"]
    sentence = (
        f"Of the right answers, a share of {rounded(own['score', 'not_candidate'])} is not among "
        "the candidates and lost to every ranking; at the cutoff tuned for 90 % precision score "
        f"loses another {rounded(own['score', 'below_cutoff'])} and distance "
        f"{rounded(own['distance', 'below_cutoff'])}"
    )
    chosen = hybrid[(hybrid["variant"] == variant) & hybrid["chosen"]]
    if chosen.empty:
        return f"{sentence}."
    band = chosen.iloc[0]
    lost = f"{UAP.name}_difference"
    ends = band[f"{lost}_low"], band[f"{lost}_high"]
    return (
        f"{sentence}; fetching the signatures of scores {band['band_low']} to "
        f"{band['band_high'] - 1} only, {rounded(band['fetched'], '.0f')} a query, differs from "
        f"full distance ranking by {rounded(band[lost], '+.3f')} in {UAP.name} ({sure} interval "
        f"{between(*ends, '+.3f')}: {word(*ends, band['n'])})."
    )


def cutoff_rows(cutoffs: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of ``cutoffs``, and whether each precision is ``shown``: not by too few hits."""
    return [
        {
            **{str(name): value for name, value in row.items()},
            "shown": _SHOWN_BY[row["verdict"]]
            if row["can_be_shown"] or row["verdict"] != "holds"
            else f"cannot be told, it takes {rounded(row['pairs_needed'], ',.0f')} hits",
        }
        for row in cutoffs.to_dict("records")
    ]


def cutoff_sentences(folder: RunFolder, variant: str) -> list[str]:
    """What cutoffs for 90 % precision reach, whichever half of the scenes they are tuned on."""
    cutoffs = where(folder.table("cutoffs"), variant=variant, target="P90")
    rows = cutoffs.set_index("ranking")
    sure = confidence(folder.config()["evaluation"]).removesuffix(" %")
    return [
        f"Tuned by {name} for a precision of 0.9, a cutoff reached "
        f"{between(row['held_out_precision_low'], row['held_out_precision_high'])} on scenes it "
        f"was not tuned on ({sure} of 100 splits), and less than 0.9 in "
        f"{rounded(100 * row['missed'], '.0f')} of 100."
        for name, row in ((name, rows.loc[name]) for name in MAIN_RANKINGS if name in rows.index)
    ]


def full_lists(folder: RunFolder, variant: str) -> str | None:
    """How many lists end at the last place, and what is behind it."""
    alike = folder.table("variants").set_index("variant")["ranks_as"]
    cut = where(folder.table("cut"), variant=alike[variant])
    if cut.empty:
        return None
    metrics = where(folder.table("metrics"), variant=variant, ranking="score", transform="all")
    own = metrics[metrics["measure"].str.startswith(CANDIDATE_RECALL.of(""))]
    of = own.set_index("tie")["value"]
    lost = int((cut["tied"] > cut["kept"]).sum())
    size = own["measure"].iloc[0].rpartition("@")[2]
    return (
        f"{len(cut):,} of the queries' lists end at hit {size}; what lies beyond was not seen, and "
        f"counts as not found. In {lost:,} of them other documents have the score of the last hit: "
        f"in another order of documents the right one would have been among the {size} of a share "
        f"of {rounded(of['pessimistic'])} to {rounded(of['optimistic'])} of the queries, "
        f"{rounded(of['expected'])} on average; it was of {rounded(of['none'])}."
    )


def part_rows(folder: RunFolder, variant: str) -> list[dict[str, Any]]:
    """Each part of the queries: the measure by score, by distance, and the difference."""
    gaps = where(folder.table("gaps"), variant=variant, measure=UAP.name)
    by_part = where(folder.table("by_part"), variant=variant, measure=UAP.name)
    metrics = where(folder.table("metrics"), variant=variant, measure=UAP.name, tie="expected")
    edits = metrics.assign(of="edit", part=metrics["transform"])
    columns = ["ranking", "of", "part", "value"]
    values = pd.concat([by_part[columns], edits[columns]]).set_index(columns[:3])["value"]
    rows: list[dict[str, Any]] = []
    for row in gaps.to_dict("records"):
        own = {name: values[name, row["of"], row["part"]] for name in ("score", "distance")}
        found = word(row["low"], row["high"], row["effective_scenes"])
        told = {"by": part_figures.PARTS[row["of"]], "finding": found}
        rows.append({str(name): value for name, value in (row | own | told).items()})
    return sorted(rows, key=lambda row: list(part_figures.PARTS).index(row["of"]))


def top_rows(folder: RunFolder, variant: str) -> list[dict[str, Any]]:
    """What a person sees who looks at the first results only, one row a ranking and number."""
    top = where(folder.table("top"), variant=variant)
    rows = []
    for (ranking, number), own in top.groupby(["ranking", "top"], sort=False):
        if ranking not in MAIN_RANKINGS:
            continue
        cells = own.set_index(["queries", "measure"])[["value", "low", "high"]].T.to_dict()
        rows.append({"ranking": ranking, "top": number, "cells": cells})
    return rows


def render_ranking_page(
    folder: RunFolder, manifest: Mapping[str, Any], variant: str, svgs: Mapping[str, bytes]
) -> str:
    """Render the page."""
    tables = {
        name: folder.table(name)
        for name in ("cutoffs", "claims", "agreement", "comparisons", "metrics")
    }
    own = {name: table[table["variant"] == variant] for name, table in tables.items()
           if "variant" in table}  # fmt: skip
    comparisons = tables["comparisons"]
    within = (comparisons["variant_a"] == variant) & (comparisons["variant_b"] == variant)
    shown = comparisons["measure"].isin(headlines(DIFFERENCES))
    agreement = own["agreement"][own["agreement"]["transform"] == "all"]
    return render(
        f"{NAME}.html.j2",
        manifest=manifest,
        variant=variant,
        sentences=ranking_verdict(folder, variant),
        labels=RANKING_LABELS,
        pictures=page_figures(folder, FIGURES, svgs),
        comparisons=[
            row | {"finding": word(row["low"], row["high"], of.scenes)}
            for row in comparisons[within & shown].to_dict("records")
            for of in (metric(own["metrics"], variant, row["ranking_a"], row["measure"]),)
        ],
        margin=MARGIN,
        cutoffs=cutoff_rows(own["cutoffs"]),
        splits=cutoff_sentences(folder, variant),
        full_lists=full_lists(folder, variant),
        parts_of=part_rows(folder, variant),
        top=top_rows(folder, variant),
        claims=own["claims"].to_dict("records"),
        agreement=agreement.to_dict("records"),
    )
