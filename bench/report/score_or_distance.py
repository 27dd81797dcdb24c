"""The page "Score or distance?": verdict, figures and tables about ranking."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from bench.report import ranking_figures
from bench.report.drawing import Drawing, Drawn
from bench.report.picture import pictures
from bench.report.style import RANKING_LABELS
from bench.report.summary import metric
from bench.report.template import render
from bench.run_folder import RunFolder

#: File name of the page, without ending.
NAME = "score-or-distance"
TITLE = "Score or distance?"
#: Tables of a run that the page needs beside those that every run has.
TABLES = ("agreement", "claims", "cutoffs", "growth", "hybrid", "losses")

#: Figures of the page by file name, with the text that stands for each where it is not seen.
FIGURES: Mapping[str, tuple[Callable[[RunFolder, str], Drawn], str]] = {
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

    def about(draw: Callable[[RunFolder, str], Drawn]) -> Callable[[RunFolder], Drawn]:
        return lambda folder: draw(folder, variant)

    return {name: (about(draw), alt) for name, (draw, alt) in FIGURES.items()}


def ranked_variant(folder: RunFolder) -> str | None:
    """The first variant that ranks by score and by distance, or None: then there is no page.

    Nor is there one of a run that is older than the tables it shows.
    """
    metrics = folder.table("metrics")
    names = metrics.loc[metrics["ranking"] == "distance", "variant"]
    if names.empty or not all((folder.path / f"{name}.parquet").is_file() for name in TABLES):
        return None
    return str(names.iloc[0])


def ranking_verdict(folder: RunFolder, variant: str) -> list[str]:
    """Answer "score or distance?" in three sentences, each with figures and intervals.

    Parameters
    ----------
    folder : RunFolder
        A run whose tables are written.
    variant : str
        A variant with distances.

    Returns
    -------
    list of str
        What ranking by score costs; where it loses, and what a few fetched signatures win back;
        whether the words alone do as well as the signature.
    """
    metrics, comparisons = folder.table("metrics"), folder.table("comparisons")
    recall = {name: metric(metrics, variant, name, "R@P90").value for name in ("score", "distance")}
    costs = _difference(comparisons, variant, "distance", "score", "R@P90")
    uap = _difference(comparisons, variant, "distance", "score", "uAP")
    better = "better than" if uap["low"] > 0 else "worse than" if uap["high"] < 0 else "as good as"
    sentences = [
        f"Ranking by distance is {better} ranking by score: at 90 % precision it finds "
        f"{recall['distance']:.1%} of the copies, score {recall['score']:.1%} "
        f"(difference {_interval(costs)}; uAP {_interval(uap)}, corrected p = {uap['p_holm']:.2g})."
    ]
    sentences.append(_lost(folder, variant))
    if "sign_distance" in set(metrics.loc[metrics["variant"] == variant, "ranking"]):
        signs = _difference(comparisons, variant, "sign_distance", "distance", "uAP")
        if signs["low"] > 0 or signs["high"] < 0:
            finding = "does not rank as the stored signature does"
        else:
            finding = (
                "ranks as well as the stored signature, as far as this sample can tell (it would "
                f"show a difference of {signs['detectable']:.3f})"
            )
        sentences.append(
            f"Distance by the signs that the words hold {finding}: uAP {_interval(signs)} against "
            "the distance of stored signatures."
        )
    return sentences


def _lost(folder: RunFolder, variant: str) -> str:
    losses, hybrid = folder.table("losses"), folder.table("hybrid")
    own = losses[
        (losses["variant"] == variant)
        & (losses["transform"] == "all")
        & (losses["target"] == "P90")
    ].set_index(["ranking", "fate"])["share"]
    sentence = (
        f"Of the right answers, {own['score', 'not_candidate']:.1%} are not among the candidates "
        "and lost to every ranking; at the cutoff tuned for 90 % precision score loses another "
        f"{own['score', 'below_cutoff']:.1%} and distance {own['distance', 'below_cutoff']:.1%}"
    )
    chosen = hybrid[(hybrid["variant"] == variant) & hybrid["chosen"]]
    if chosen.empty:
        return f"{sentence}."
    band = chosen.iloc[0]
    return (
        f"{sentence}; fetching the signatures of scores {band['band_low']} to "
        f"{band['band_high'] - 1} only, {band['fetched']:.0f} a query, comes within "
        f"{-band['uAP_difference']:.3f} of full distance ranking in uAP (95 % interval "
        f"{-band['uAP_difference_high']:.3f} to {-band['uAP_difference_low']:.3f})."
    )


def _difference(table: pd.DataFrame, variant: str, a: str, b: str, measure: str) -> Any:
    chosen = table[
        (table["variant_a"] == variant)
        & (table["variant_b"] == variant)
        & (table["ranking_a"] == a)
        & (table["ranking_b"] == b)
        & (table["measure"] == measure)
    ]
    return chosen.iloc[0]


def _interval(row: Any) -> str:
    return f"{row['difference']:+.3f}, 95 % interval {row['low']:+.3f} to {row['high']:+.3f}"


def render_ranking_page(
    folder: RunFolder, manifest: Mapping[str, Any], variant: str, svgs: Mapping[str, bytes]
) -> str:
    """Render the page.

    Parameters
    ----------
    folder : RunFolder
        The run.
    manifest : mapping
        Its manifest.
    variant : str
        The variant it is about.
    svgs : mapping
        SVG of each of `FIGURES`.

    Returns
    -------
    str
        HTML.
    """
    tables = {
        name: folder.table(name)
        for name in ("cutoffs", "claims", "agreement", "comparisons", "metrics")
    }
    own = {name: table[table["variant"] == variant] for name, table in tables.items()
           if "variant" in table}  # fmt: skip
    comparisons = tables["comparisons"]
    within = (comparisons["variant_a"] == variant) & (comparisons["variant_b"] == variant)
    shown = comparisons["measure"].isin(["uAP", "R@P90", "recall@1"])
    agreement = own["agreement"][own["agreement"]["transform"] == "all"]
    drawn = pictures(folder, {name: alt for name, (_, alt) in FIGURES.items()}, svgs)
    return render(
        f"{NAME}.html.j2",
        live=any(picture.plot for picture in drawn.values()),
        manifest=manifest,
        variant=variant,
        sentences=ranking_verdict(folder, variant),
        labels=RANKING_LABELS,
        pictures=drawn,
        comparisons=comparisons[within & shown].to_dict("records"),
        cutoffs=own["cutoffs"].to_dict("records"),
        claims=own["claims"].to_dict("records"),
        agreement=agreement.to_dict("records"),
    )
