"""The page "Score or distance?": verdict, figures and tables about ranking."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from bench.evaluate.cutoffs import SPLITS, other_splits
from bench.evaluate.measures import DIFFERENCES, SENTENCE, UAP, headlines
from bench.evaluate.rankings import RANKINGS
from bench.report import ranking_figures
from bench.report.axes import where
from bench.report.drawing import RANKING_LABELS, Drawing, Drawn
from bench.report.finding import MARGIN, difference, ranking_sentence, word
from bench.report.page import page_figures, render
from bench.report.rounding import between, rounded
from bench.report.summary import metric
from bench.runs.folder import RunFolder

#: File name of the page, without ending.
NAME = "score-or-distance"
TITLE = "Score or distance?"
#: Tables that the page needs besides those that every run has.
TABLES = ("agreement", "claims", "cutoffs", "growth", "hybrid", "losses")

#: What the verdict on a tuned cutoff means: it is about one cutoff, on one half of the scenes.
_SHOWN_BY = {
    "holds": "yes, of this cutoff on this half",
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

    def said(a: str, b: str, measure: str) -> str | None:
        row = difference(comparisons, (variant, a), (variant, b), measure)
        of = (metric(metrics, variant, ranking, measure).value for ranking in (a, b))
        return None if row is None else ranking_sentence(row, *of)

    sentences = [
        *(said("distance", "score", measure) for measure in headlines(SENTENCE)),
        _lost(folder, variant),
        said("sign_distance", "distance", UAP.name),
    ]
    return [sentence for sentence in sentences if sentence is not None]


def _lost(folder: RunFolder, variant: str) -> str:
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
        f"full distance ranking by {rounded(band[lost], '+.3f')} in {UAP.name} (95 % interval "
        f"{between(*ends, '+.3f')}: {word(*ends)})."
    )


def split_sentences(folder: RunFolder, variant: str) -> list[str]:
    """How much a cutoff's precision depends on which half of the scenes it was tuned on."""
    queries, candidates = folder.table("queries"), folder.table("candidates")
    alike = folder.table("variants").set_index("variant")["ranks_as"]
    own = candidates[candidates["variant"] == alike[variant]]
    sentences = []
    for name in ("score", "distance"):
        found = other_splits(queries, own, RANKINGS[name], 900)
        if np.isnan(found).all():
            sentences.append(
                f"None of {SPLITS} other splits of the scenes gives a cutoff by {name} for a "
                "precision of 0.9."
            )
            continue
        low, high = np.nanpercentile(found, [2.5, 97.5])
        # A split that gives no cutoff at all misses the precision too.
        missed = float(np.mean(~(found >= 0.9)))
        sentences.append(
            f"Over {SPLITS} other splits of the scenes, the cutoff by {name} that one half gives "
            f"for a precision of 0.9 reached {between(low, high)} on the other (95 of 100 splits), "
            f"and less than 0.9 in {rounded(100 * missed, '.0f')} of 100."
        )
    return sentences


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
            row | {"finding": word(row["low"], row["high"])}
            for row in comparisons[within & shown].to_dict("records")
        ],
        margin=MARGIN,
        cutoffs=own["cutoffs"].to_dict("records"),
        shown_by=_SHOWN_BY,
        splits=split_sentences(folder, variant),
        claims=own["claims"].to_dict("records"),
        agreement=agreement.to_dict("records"),
    )
