"""Parts of README that hold figures, made from the committed results."""

import textwrap
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bench.report.layout_page import layout_rows
from bench.report.summary import metric
from bench.run_folder import RunFolder
from guide.markdown import table

_RESULTS = Path(__file__).resolve().parents[2] / "results"
#: What is said of the signature in the table of the historical indices.
_STORED = {
    "int_array": "JSON array of integers",
    "base62": "base-62 text",
    "none": "not stored",
}
_CHANGES = {
    "tester": "image-match's: nothing is mapped",
    "signature_index_false": "the 648 integers are not indexed",
    "signature_in_source": "nor kept as doc values",
    "signature_encoded": "the signature in 39 bytes (codec `context`)",
    "integer_indexed": "words as `integer` without doc values",
    "integer_filtered": "words left out of `_source`",
    "tagged_column": "one field for all words, no `_source`, signature as doc values",
}


def historical() -> str:
    """The three historical indices: bytes and ranking."""
    run = _run("reference")
    variants, metrics = _by(run.table("variants"), "variant"), run.table("metrics")
    comparisons = run.table("comparisons")
    rows = []
    for name, row in variants.items():
        ranking = "score" if row["codec"] == "none" else "distance"
        rows.append(
            (
                f"`{name}`",
                _STORED[row["codec"]],
                f"{row['bytes_per_document']:,.0f}",
                ranking,
                f"{metric(metrics, name, ranking, 'uAP').value:.3f}",
                f"{metric(metrics, name, ranking, 'R@P90').value:.3f}",
            )
        )
    sizes = {name: row["bytes_per_document"] for name, row in variants.items()}
    loss = {name: _difference(comparisons, name) for name in ("uAP", "R@P90")}
    signs = metric(metrics, "tester", "sign_distance", "uAP").value
    distance = metric(metrics, "tester", "distance", "uAP").value
    dataset = run.manifest()["dataset"]
    searched = variants["tester"]["signature_bytes"] / sizes["tester"]
    headings = ["index", "signature stored as", "bytes a document", "ranked by", "uAP"]
    return (
        table([*headings, "recall at 90 % precision"], rows, "  r rr")
        + "\n"
        + _wrapped(
            f"Not storing the signature makes this index "
            f"{sizes['tester'] / sizes['tester_none']:.1f} "
            f"times smaller than image-match's. Ranking by score then costs {loss['uAP']} of "
            f"average "
            f"precision and {loss['R@P90']} of recall at 90 % precision. Ranking by **the signs "
            f"that the words hold**, with no signature stored, has a uAP of {signs:.3f} where the "
            f"distance has {distance:.3f}; for that the words must stay in `_source`, as they do "
            f"in `tester_none`. {dataset['documents']:,} originals, {dataset['queries']:,} queries "
            f"({dataset['no_match_queries']:,} of them without a right answer), "
            f"{len(dataset['transforms'])} kinds of edit. {100 * searched:.0f} % of `tester` is "
            "an index of the 648 integers, which nothing ever searches."
        )
    )


def layouts() -> str:
    """Smaller mappings of the same hits, with speeds; and vectors."""
    run = _run("reference-layouts")
    rows = _by(layout_rows(run), "variant")
    variants, metrics = _by(run.table("variants"), "variant"), run.table("metrics")
    sizes = {name: row["bytes_per_document"] for name, row in variants.items()}
    shown = [(f"`{name}`", change, f"{sizes[name]:,.0f}") for name, change in _CHANGES.items()]
    small = rows["tagged_column"]
    loaded = (
        variants["tagged_column"]["loaded_store_bytes"] / variants["tagged_column"]["documents"]
    )
    queries = run.manifest()["dataset"]["queries"]
    knn = {
        name: f"{metric(metrics, variant, ranking, 'uAP').value:.3f}"
        for name, variant, ranking in (
            ("vector", "vector_bit_flat", "score"),
            ("words", "tagged_column", "score"),
            ("distance", "tagged_column", "distance"),
        )
    }
    return (
        table(["index", "what is different", "bytes a document"], shown, "  r")
        + "\n"
        + _wrapped(
            f"{sizes['tester'] / sizes['tagged_column']:.1f} times smaller; searched "
            f"{small['search_ratio']:.1f} times as fast with the signatures fetched "
            f"({small['search_ratio_low']:.1f} to {small['search_ratio_high']:.1f}) and loaded "
            f"{small['bulk_ratio']:.1f} times as fast ({small['bulk_ratio_low']:.1f} to "
            f"{small['bulk_ratio_high']:.1f}), in alternation in the same run. Measured right "
            f"after "
            f"loading, `tagged_column` would seem to take {loaded:,.0f} bytes: Elasticsearch keeps "
            "copies for recovery until a later merge."
        )
        + "\n"
        + _wrapped(
            "Why not kNN? A `bit` vector of the signature takes "
            f"{sizes['vector_bit_flat']:,.0f} bytes compared one by one and "
            f"{sizes['vector_bit_hnsw']:,.0f} with a graph (HNSW), and ranks better than the "
            f"score: "
            f"uAP {knn['vector']} against {knn['words']} ({knn['distance']} by the distance of "
            f"stored signatures; {queries:,} queries). That is at "
            f"{variants['tester']['documents']:,} documents; how it grows with the collection is "
            "not measured here."
        )
    )


def scale() -> str:
    """Sizes at a billion images."""
    run = _run("reference-scale")
    projections = run.table("projections")
    billion = projections["documents"] == projections["documents"].max()
    largest = _by(projections[billion], "variant")
    names = ("tester", "tester_none", "tagged_column", "tagged_keyword")
    rows = [
        (
            f"`{name}`",
            f"{largest[name]['primary_bytes'] / 1e9:,.0f}",
            f"{largest[name]['primary_low'] / 1e9:,.0f} to "
            f"{largest[name]['primary_high'] / 1e9:,.0f}",
        )
        for name in names
    ]
    sizes, fits = run.manifest()["config"]["sizes"], run.table("fits").dropna(subset=["error"])
    used = fits[fits["model"] == "full"]
    reported = _by(run.table("reported"), "figure")
    with_signature, without = reported["with_signature"], reported["without_signature"]
    return (
        _wrapped(
            f"{len(sizes)} sizes from {sizes[0]:,} to {sizes[-1]:,} documents (real ones first, "
            f"then "
            "synthetic ones that are checked against them), the largest held out: the fit that "
            f"is used missed it by at most {100 * used['error'].abs().max():.1f} % "
            f"({int(used['inside'].sum())} of {len(used)} inside the prediction interval). "
            "Extrapolated to a billion images, primaries only:"
        )
        + "\n"
        + table(["index", "GB", "95 % interval and trend"], rows, " r")
        + "\n"
        + _wrapped(
            "Numeric words take wider document numbers in large segments, `keyword` words do not: "
            "what is smallest at 20,000 documents need not be at a billion. Each figure is "
            "computed with the trend of the fit going on and with it ending where measuring ended: "
            "the larger is shown, the interval covers both. Users report "
            f"{with_signature['reported_gb']:.1f} GB for {with_signature['documents'] / 1e6:.1f} "
            f"million images with signatures and {without['reported_gb']:.1f} GB for "
            f"{without['documents'] / 1e6:.1f} million without; the fits say "
            f"{with_signature['projected_gb']:.1f} and {without['projected_gb']:.1f}: what their "
            "indices hold besides is not known."
        )
    )


def sweep() -> str:
    """What the sweep says of words ranked by score."""
    run = _run("reference-sweep")
    manifest, every = run.manifest(), run.table("sweep")
    chosen = every[(every["measure"] == "uAP") & (every["ranking"] == "score")]
    own = chosen.to_dict("records")
    words = "{N}x{k}".format(**manifest["config"]["reference"])
    reference = _by(chosen, "variant")[words]
    best = max(own, key=lambda row: row["value"])
    as_good = [row for row in own if row["difference_low"] >= 0]
    cheap = min(as_good, key=lambda row: row["bytes_per_document"])

    def said(row: Mapping[Hashable, Any]) -> str:
        size = f"{row['bytes_per_document']:.0f}"
        return f"{row['N']} words of {row['k']} have a uAP of {row['value']:.3f} at {size} bytes"

    def predicted(row: Mapping[Hashable, Any]) -> str:
        return " (predicted)" if row["size_source"] == "predicted" else ""

    return _wrapped(
        f"{manifest['schemes']:,} ways of taking words, simulated; the engine confirmed "
        f"{len(run.table('confirmed'))} indices, all of {manifest['verified_hits']:,} hits. At "
        f"{manifest['dataset']['documents']:,} documents **short words win**: ranked by score, "
        f"{said(reference)} a document (words and path alone), {said(best)}{predicted(best)}, and "
        f"{cheap['N']} of {cheap['k']} do no worse than image-match's at "
        f"{cheap['bytes_per_document']:.0f}{predicted(cheap)}. But a short word is "
        f"shared "
        "by many documents: in a large collection every query meets more of them by accident."
    )


BLOCKS: dict[str, Callable[[], str]] = {
    "historical": historical,
    "layouts": layouts,
    "scale": scale,
    "sweep": sweep,
}
"""Made parts by the name in their marks."""


def _run(name: str) -> RunFolder:
    return RunFolder(_RESULTS / name)


def _by(rows: pd.DataFrame, column: str) -> dict[str, dict[Hashable, Any]]:
    """Rows by the value of a column."""
    return {str(row[column]): row for row in rows.to_dict("records")}


def _difference(comparisons: pd.DataFrame, measure: str) -> str:
    """Distance less score of the same index, with its interval."""
    row: Any = comparisons[
        (comparisons["variant_a"] == "tester")
        & (comparisons["variant_b"] == "tester")
        & (comparisons["ranking_a"] == "distance")
        & (comparisons["ranking_b"] == "score")
        & (comparisons["measure"] == measure)
    ].iloc[0]
    return f"{row['difference']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 116, break_long_words=False, break_on_hyphens=False) + "\n"
