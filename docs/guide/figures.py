"""Parts of the guide that hold figures, made from the committed results."""

import textwrap
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bench.kinds.scale.page import held_out_sentences
from bench.report.finding import difference, word
from bench.report.layout_page import layout_rows
from bench.report.rounding import between, rounded
from bench.report.summary import cells_sentence, metric
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder
from guide.markdown import table

_RESULTS = Path(__file__).resolve().parents[2] / "results"
#: The run that README tells of: what `make bench` measures.
MAIN = "reference-pictures"
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
    run = _run(MAIN)
    variants, metrics = _by(run.table("variants"), "variant"), run.table("metrics")
    comparisons = run.table("comparisons")
    rows = []
    for name, row in variants.items():
        ranking = "score" if row["codec"] == "none" else "distance"
        rows.append(
            (
                f"`{name}`",
                _STORED[row["codec"]],
                rounded(row["bytes_per_document"], ",.0f"),
                ranking,
                rounded(metric(metrics, name, ranking, "uAP").value),
                rounded(metric(metrics, name, ranking, "R@P90").value),
            )
        )
    sizes = {name: row["bytes_per_document"] for name, row in variants.items()}
    better, recall, signs = (
        cells_sentence(
            _compared(comparisons, ("tester", a), ("tester", b), measure),
            *(metric(metrics, "tester", ranking, measure) for ranking in (a, b)),
        )
        for a, b, measure in (
            ("distance", "score", "uAP"),
            ("distance", "score", "R@P90"),
            ("sign_distance", "distance", "uAP"),
        )
    )
    dataset = run.manifest()["dataset"]
    indexed = {
        structure: rounded(100 * size / variants["tester"]["store_bytes"], ".0f")
        for structure, size in _structures(run, "tester", "signature").items()
    }
    headings = ["index", "signature stored as", "bytes a document", "ranked by", "uAP"]
    return (
        table([*headings, "recall at 90 % precision"], rows, "  r rr")
        + "\n"
        + wrapped(
            f"Not storing the signature makes this index "
            f"{rounded(sizes['tester'] / sizes['tester_none'], '.1f')} times smaller than "
            f"image-match's. {better} {recall} **The signs that the words hold** need no stored "
            "signature, but the words must stay in `_source`, as they do in `tester_none`. "
            f"{signs}"
        )
        + "\n"
        + wrapped(
            f"{dataset['documents']:,} originals, {dataset['queries']:,} queries "
            f"({dataset['no_match_queries']:,} of them without a right answer), "
            f"{len(dataset['transforms'])} kinds of edit. {indexed['points']} % of `tester` is an "
            f"index of the 648 integers, which nothing ever searches, and {indexed['doc_values']} "
            "% their doc values, by which nothing sorts."
        )
    )


#: The parts of the queries that README tells of.
_PARTS = {
    ("stratum", "photographs"): "photographs",
    ("stratum", "objects"): "objects on plain ground",
    ("stratum", "clipart"): "clip art",
    ("origin", "made"): "edited here",
    ("origin", "natural"): "copies that publishers made",
    ("texture", "1"): "the plainest tenth",
}


def strata() -> str:
    """What ranking by distance gains in each kind of pictures."""
    run = _run(MAIN)
    gaps = run.table("gaps").query("variant == 'tester' and measure == 'uAP'")
    gap = gaps.set_index(["of", "part"])
    values = run.table("by_part").query("variant == 'tester' and measure == 'uAP'")
    value = values.set_index(["ranking", "of", "part"])["value"]
    rows = []
    for part, words in _PARTS.items():
        row = gap.loc[part]
        own = (rounded(value[(ranking, *part)]) for ranking in ("score", "distance"))
        gained = (
            f"{rounded(row['difference'], '+.3f')} ({between(row['low'], row['high'], '+.3f')})"
        )
        scenes = rounded(row["effective_scenes"], ",.0f")
        rows.append((words, f"{row['n']:,}", scenes, *own, gained))
    headings = ["queries", "number", "effective scenes", "uAP by score", "by distance"]
    metrics = _run("reference").table("metrics")
    recall = {
        ranking: rounded(metric(metrics, "tester", ranking, "R@P90").value)
        for ranking in ("score", "distance")
    }
    return (
        table([*headings, "distance less score (95 %)"], rows, " rrrrr")
        + "\n"
        + wrapped(
            "Words of plain pictures are alike, so unrelated ones reach the highest scores, and no "
            "cutoff by score keeps them out. On textured squares of photographs alone, as "
            "`bench/configs/tester.yaml` and older results have them, recall at 90 % precision is "
            f"{recall['score']} by score and {recall['distance']} by distance "
            "([what the pictures are](explanation/collections.md))."
        )
    )


#: Runs of one kind of pictures each, and what these are.
_COLLECTIONS = {
    "reference": "textured squares of photographs",
    "reference-photographs": "photographs and squares of them",
    "reference-objects": "objects on plain ground",
    "reference-clipart": "clip art",
    "reference-screenshots": "screenshots",
    "reference-renditions": "copies that publishers made",
}


def collections() -> str:
    """The same comparison in collections of one kind of pictures each."""
    rows = []
    for name, words in _COLLECTIONS.items():
        run = _run(name)
        metrics, dataset = run.table("metrics"), run.manifest()["dataset"]
        sizes = _by(run.table("variants"), "variant")
        gap = _compared(
            run.table("comparisons"), ("tester", "distance"), ("tester", "score"), "uAP"
        )
        scenes = metrics.query("variant == 'tester' and measure == 'uAP' and transform == 'all'")
        gained = rounded(gap["difference"], "+.3f")
        values = (
            rounded(metric(metrics, "tester", ranking, measure).value)
            for measure in ("uAP", "R@P90")
            for ranking in ("score", "distance")
        )
        rows.append(
            (
                words,
                f"{dataset['documents']:,}",
                rounded(scenes["effective_scenes"].iloc[0], ",.0f"),
                *(
                    rounded(sizes[one]["bytes_per_document"], ",.0f")
                    for one in ("tester", "tester_none")
                ),
                *values,
                f"{gained} ({between(gap['low'], gap['high'], '+.3f')})",
            )
        )
    headings = ["collection", "documents", "effective scenes", "`tester` B", "`tester_none` B"]
    headings += ["uAP, score", "distance", "R@P90, score", "distance", "distance less score, uAP"]
    return table(headings, rows, " rrrrrrrrr")


def splits() -> str:
    """What cutoffs reach that were tuned on other halves of the scenes."""
    cutoffs = _run("reference").table("cutoffs").query("variant == 'tester' and target == 'P90'")
    own = _by(cutoffs, "ranking")
    ends = {
        name: between(row["held_out_precision_low"], row["held_out_precision_high"])
        for name, row in own.items()
    }
    missed = {name: rounded(100 * row["missed"], ".0f") for name, row in own.items()}
    return wrapped(
        "A cutoff tuned on one half of the scenes is only as good as that half. With the scenes of "
        "`results/reference` resampled and split again, the cutoff that one half gives for a "
        f"precision of 0.9 reached {ends['score']} on the other by score and {ends['distance']} by "
        f"distance (95 of 100 times), and less than 0.9 in {missed['score']} and "
        f"{missed['distance']} of 100. The page shows this for each run, and its intervals beside "
        "tuned cutoffs are of this kind."
    )


def layouts() -> str:
    """Smaller mappings of the same hits, with speeds; and vectors."""
    run = _run("reference-layouts")
    rows = _by(layout_rows(run), "variant")
    variants, metrics = _by(run.table("variants"), "variant"), run.table("metrics")
    sizes = {name: row["bytes_per_document"] for name, row in variants.items()}
    shown = [
        (f"`{name}`", change, rounded(sizes[name], ",.0f")) for name, change in _CHANGES.items()
    ]
    small = rows["tagged_column"]
    loaded = (
        variants["tagged_column"]["loaded_store_bytes"] / variants["tagged_column"]["documents"]
    )
    queries = run.manifest()["dataset"]["queries"]
    comparisons, vector = run.table("comparisons"), ("vector_bit_flat", "score")
    knn = {
        ranking: _compared(comparisons, vector, ("tester", ranking), "uAP")
        for ranking in ("score", "distance")
    }
    uap = {
        one: rounded(metric(metrics, *one, "uAP").value)
        for one in (vector, ("tester", "score"), ("tester", "distance"))
    }
    return (
        table(["index", "what is different", "bytes a document"], shown, "  r")
        + "\n"
        + wrapped(
            f"{rounded(sizes['tester'] / sizes['tagged_column'], '.1f')} times smaller; searched "
            f"{rounded(small['search_ratio'], '.1f')} times as fast with the signatures fetched "
            f"({between(small['search_ratio_low'], small['search_ratio_high'], '.1f')}) and loaded "
            f"{rounded(small['bulk_ratio'], '.1f')} times as fast "
            f"({between(small['bulk_ratio_low'], small['bulk_ratio_high'], '.1f')}), in "
            f"alternation in the same run. Measured right "
            f"after "
            f"loading, `tagged_column` would seem to take {rounded(loaded, ',.0f')} bytes: "
            f"Elasticsearch keeps "
            "copies for recovery until a later merge."
        )
        + "\n"
        + wrapped(
            f"And bits as vectors? At {variants['tester']['documents']:,} documents a `bit` vector "
            f"of the signature takes {rounded(sizes['vector_bit_flat'], ',.0f')} bytes compared "
            f"one by one and {rounded(sizes['vector_bit_hnsw'], ',.0f')} with a graph (HNSW), and "
            f"has a uAP of {uap[vector]}, where the score has {uap['tester', 'score']} and the "
            f"distance of stored signatures {uap['tester', 'distance']} ({queries:,} queries). "
            f"Beside the score that is {_found(knn['score'])}, beside the distance "
            f"{_found(knn['distance'])}. With a bit a value alone it takes a fourth of that "
            "(first table of README); what it costs to search a million of them is "
            "[another matter](at-what-size.md)."
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
            rounded(largest[name]["primary_bytes"] / 1e9, ",.0f"),
            between(
                largest[name]["primary_low"] / 1e9, largest[name]["primary_high"] / 1e9, ",.0f"
            ),
        )
        for name in names
    ]
    sizes = run.manifest()["config"]["sizes"]
    reported = _by(run.table("reported"), "figure")
    users, predicted = (
        [rounded(reported[name][column], ".1f") for name in ("with_signature", "without_signature")]
        for column in ("reported_gb", "projected_gb")
    )
    millions = [
        rounded(reported[name]["documents"] / 1e6, ".1f")
        for name in ("with_signature", "without_signature")
    ]
    return (
        wrapped(
            f"{len(sizes)} sizes from {sizes[0]:,} to {sizes[-1]:,} documents, real ones first, "
            "then synthetic ones that are checked against them. "
            f"{' '.join(held_out_sentences(run))} "
            "Extrapolated to a billion images, primaries only:"
        )
        + "\n"
        + table(["index", "GB", "95 % interval and trend"], rows, " r")
        + "\n"
        + wrapped(
            "Numeric words take wider document numbers in large segments, `keyword` words do not: "
            "what is smallest at 20,000 documents need not be at a billion. Each figure is "
            "computed with the trend of the fit going on and with it ending where measuring ended: "
            "the larger is shown, the interval covers both. Users report "
            f"{users[0]} GB for {millions[0]} million images with signatures and {users[1]} GB for "
            f"{millions[1]} million without (Elasticsearch printed 31.2gb and 11.9gb, in powers of "
            f"1024); the fits say {predicted[0]} and {predicted[1]}; "
            "[a timestamp and the field `_all`](explanation/claims.md) of that time's "
            "Elasticsearch are most of the difference."
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
        size = rounded(row["bytes_per_document"], ",.0f")
        return (
            f"{row['N']} words of {row['k']} have a uAP of {rounded(row['value'])} at {size} bytes"
        )

    def predicted(row: Mapping[Hashable, Any]) -> str:
        return " (predicted)" if row["size_source"] == "predicted" else ""

    found = word(best["difference_low"], best["difference_high"])
    return wrapped(
        f"{manifest['schemes']:,} ways of taking words, simulated; the engine confirmed "
        f"{len(run.table('confirmed'))} indices, all of {manifest['verified_hits']:,} hits. At "
        f"{manifest['dataset']['documents']:,} documents, ranked by score, {said(reference)} a "
        f"document (words and path alone). **Short words are {found}**: "
        f"{said(best)}{predicted(best)}; the smallest that do no worse, {cheap['N']} of "
        f"{cheap['k']}, take {rounded(cheap['bytes_per_document'], ',.0f')}{predicted(cheap)}. But "
        "a short word is shared by many documents: in a large collection every query meets more of "
        "them by accident."
    )


BLOCKS: dict[str, Callable[[], str]] = {
    "collections": collections,
    "historical": historical,
    "layouts": layouts,
    "scale": scale,
    "strata": strata,
    "sweep": sweep,
}
"""Made parts of the page of findings by the name in their marks."""

OF_CUTOFFS: dict[str, Callable[[], str]] = {"splits": splits}
"""Those of the page on score and distance."""


def _run(name: str) -> RunFolder:
    return RunFolder(_RESULTS / name)


def _by(rows: pd.DataFrame, column: str) -> dict[str, dict[Hashable, Any]]:
    """Rows by the value of a column."""
    return {str(row[column]): row for row in rows.to_dict("records")}


def _structures(run: RunFolder, variant: str, name: str) -> dict[str, int]:
    """Bytes of a field of an index by Lucene structure."""
    fields = run.table("fields")
    own = fields[(fields["variant"] == variant) & (fields["field"] == name)]
    return dict(zip(own["structure"], own["bytes"], strict=True))


def _compared(
    comparisons: pd.DataFrame, a: tuple[str, str], b: tuple[str, str], measure: str
) -> dict[Hashable, Any]:
    row = difference(comparisons, a, b, measure)
    if row is None:
        raise RunError(f"the run does not compare {'/'.join(a)} with {'/'.join(b)} in {measure}")
    return row


def _found(row: Mapping[Hashable, Any]) -> str:
    return f"{word(row['low'], row['high'])} ({between(row['low'], row['high'], '+.3f')})"


def wrapped(text: str) -> str:
    """A paragraph as lines."""
    return textwrap.fill(text, 116, break_long_words=False, break_on_hyphens=False) + "\n"
