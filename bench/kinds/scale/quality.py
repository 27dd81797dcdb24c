"""What is found at each size: exact answers over the stream of documents, and measures of them.

``answers``
    One row a size, source, query (``row`` of the table of queries) and hit. A source is what an
    index ranks by: its words or bits, or ``distance`` of whole signatures, whose ``value`` is
    negated. Codes as in `bench.search.exact.truth`; synthetic documents are wrong.
``quality``
    One row a size, source, scoring and measure, over all queries, with the interval of resampled
    scenes. ``value`` is what the source ranks by, ``value - kth`` that less the k-th best of the
    same answer.
``fixed_cutoffs``
    Of each cutoff, tuned for a precision at the smallest size on one half of the scenes, what it
    keeps on the other half at each size.
``score_pairs``
    One row a size, source and score: how many pairs of a query and a document have it, of all.
``postings``
    Of words: how many postings a search touches, over documents. That is the mean score of all
    pairs, since each posting adds 1 to one of them.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.evaluate.estimates import cutoff_measures, threshold
from bench.evaluate.hits import Hits
from bench.evaluate.judge import MEASURES, OPTIONS, REPORT, TUNE, Judge, told
from bench.evaluate.measures import CANDIDATE_RECALL
from bench.evaluate.rankings import SCORE
from bench.evaluate.sample import take_sample
from bench.evaluate.scorings import backgrounds
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.system import evaluate_point
from bench.index.variant import Variant, scheme_name, source_of
from bench.kinds.scale.config import Quality, Scale
from bench.kinds.scale.kept import best_of_kept, kept_documents
from bench.report.axes import where
from bench.runs.check import Check, agree
from bench.search.exact.stream import Best, by_distance, by_score, exact_answers
from bench.search.exact.truth import Truth, signed_rows
from bench.signing.sign import Signed
from imgsig.layouts import NarrowedVector

#: The source that no index ranks by: exact, of whole signatures.
DISTANCE = "distance"
VALUE, MARGIN = "value", "value - kth"
TABLES = ("answers", "quality", "fixed_cutoffs", "score_pairs", "postings")


def sources_of(scale: Scale) -> list[str]:
    """Of all indices, and the distance."""
    return [*dict.fromkeys(map(source_of, scale.expand())), DISTANCE]


def narrowed_source(variant: Variant, least: int = 0, share: float = 1.0) -> str:
    """What an index ranks by: of documents that share so many words, or of a share of all."""
    source = source_of(variant)
    if least:
        return f"{source}, {least} of {scheme_name(variant.scheme)}"
    return source if share == 1 else f"{source}, {share:g} of the documents"


def filtering_words(variant: Variant, quality: Quality) -> list[int]:
    """Of how many words in common an index is asked to narrow its bits; of none without both."""
    both = isinstance(variant.identity.layout.matcher, NarrowedVector)
    return quality.filtering_words if both else []


def answer(
    scale: Scale,
    signed: Signed,
    documents: Any,
    work: Path,
    advance: Callable[[int], object],
) -> None:
    """Compute the answers at all sizes that are judged, unless that is done.

    Documents are rows of signatures, as an array has them.
    """
    if scale.quality is None:
        return
    queries = signed.query_signatures[signed_rows(signed)]
    ways = {
        narrowed_source(variant, least): by_score(variant, queries, least)
        for variant in scale.expand()
        for least in (0, *filtering_words(variant, scale.quality))
    }
    exact_answers(
        ways | {DISTANCE: by_distance(queries)},
        documents,
        scale.judged_sizes(len(signed.database)),
        len(queries),
        scale.quality.size,
        partial(answer_path, work),
        advance,
    )
    _answer_kept(scale, scale.quality, signed, documents, work)


def _answer_kept(
    scale: Scale, quality: Quality, signed: Signed, documents: Any, work: Path
) -> None:
    """Compute the answers of each share of the documents, unless that is done."""
    queries, real = signed.query_signatures[signed_rows(signed)], len(signed.database)
    variants = {source_of(variant): variant for variant in scale.expand()}
    for size in scale.judged_sizes(real):
        for share in quality.filtered_shares:
            paths = {
                source: answer_path(work, size, narrowed_source(one, share=share))
                for source, one in variants.items()
            }
            if all(path.is_file() for path in paths.values()):
                continue
            kept = kept_documents(signed.paths, real, size, share)
            for source, path in paths.items():
                way = by_score(variants[source], queries)
                best_of_kept(way, kept, documents, len(queries), quality.size).save(path)


def answered_tables(
    scale: Scale, signed: Signed, truth: Truth, work: Path
) -> dict[str, pd.DataFrame]:
    """All tables of what is found, of the answers that were computed."""
    if scale.quality is None:
        return {}
    sizes = scale.judged_sizes(len(signed.database))
    best = stored_answers(work, sizes, sources_of(scale))
    answers, pairs = answers_table(best, signed_rows(signed), truth), pairs_table(best)
    return {
        "answers": answers,
        **quality_tables(scale.quality, signed.queries, answers),
        "score_pairs": pairs,
        "postings": postings_table(pairs, words_of(scale)),
    }


def answers_table(best: Mapping[tuple[int, str], Best], rows: Any, truth: Truth) -> pd.DataFrame:
    """The table ``answers``, of answers by size and source."""
    parts = []
    for (size, source), own in best.items():
        query, rank = np.nonzero(np.arange(own.docs.shape[1]) < own.found[:, np.newaxis])
        doc = own.docs[query, rank]
        parts.append(
            pd.DataFrame(
                {
                    "documents": np.full(len(query), size, dtype=np.int64),
                    "source": source,
                    "row": rows[query].astype(np.int32),
                    "rank": rank.astype(np.int16),
                    "value": own.scores[query, rank].astype(np.float32),
                    "code": truth.of(query, doc),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.assign(source=table["source"].astype("category"))


def pairs_table(best: Mapping[tuple[int, str], Best]) -> pd.DataFrame:
    """The table ``score_pairs``: scores that some pair has."""
    parts = [
        pd.DataFrame(
            {
                "documents": size,
                "source": source,
                "score": np.flatnonzero(own.pairs),
                "pairs": own.pairs[own.pairs > 0],
            }
        )
        for (size, source), own in best.items()
        if len(own.pairs)
    ]
    return pd.concat(parts, ignore_index=True)


def postings_table(pairs: pd.DataFrame, words: set[str]) -> pd.DataFrame:
    """The table ``postings``, of the sources that are words."""
    rows = []
    for (documents, source), own in pairs.groupby(["documents", "source"], sort=False):
        if source in words:
            touched = float((own["score"] * own["pairs"]).sum())
            rows.append((documents, source, touched / float(own["pairs"].sum())))
    return pd.DataFrame(rows, columns=["documents", "source", "postings_over_documents"])


def words_of(scale: Scale) -> set[str]:
    """Sources that are words, each of which is a posting of a document."""
    counting = (one for one in scale.expand() if one.identity.layout.matcher.counts_words)
    return {source_of(one) for one in counting}


class _Judge(Judge):
    """Measures one list after the other on the same queries and resamples."""

    def __init__(self, quality: Quality, queries: pd.DataFrame) -> None:
        self.quality = quality
        settings = EvaluationSettings(
            quality.size,
            n_resamples=quality.resamples,
            confidence=quality.confidence,
            seed=quality.seed,
            **OPTIONS,
        )
        super().__init__(queries, settings)

    def scored(self, answers: pd.DataFrame, scoring: str) -> Hits:
        """What one list says under a scoring, larger being better."""
        values = answers["value"].to_numpy(np.float64)
        if scoring == MARGIN:
            # The largest distance, or nothing in common.
            worst = -1.0 if (values < 0).any() else 0.0
            size, k = self.quality.size, self.quality.k
            levels = backgrounds(answers, values, len(self), size, "kth", k, worst)
            values = values - levels[answers["row"].to_numpy()]
        return self.hits(answers, values)

    def measured(self, hits: Hits) -> list[dict[str, Any]]:
        """Rows of ``quality`` without what names the list."""
        wanted = (CANDIDATE_RECALL.of(str(self.quality.size)), *MEASURES)
        found = evaluate_point(hits, SCORE, self.queries, self.weights, self.settings)
        by_name = {one.measure: one for one in found}
        return [told(by_name[name], self.quality.confidence) for name in wanted]

    def cutoffs(self, hits: Hits) -> dict[str, float]:
        """The cutoff for each precision, tuned on one half of the scenes."""
        own = take_sample(hits, SCORE, self.queries, self.parts[TUNE], self.weights[:0])
        labels = self.settings.precision_labels
        return {label: threshold(own, thousandths) for label, thousandths in labels.items()}

    def kept(self, hits: Hits, cutoff: float) -> dict[str, Any]:
        """What a cutoff keeps on the other half."""
        half = self.parts[REPORT]
        sample = take_sample(hits, SCORE, self.queries, half, self.weights)
        right, wrong = (int(one.sum()) for one in sample.at_cutoff(cutoff))
        row: dict[str, Any] = {"queries": int(half.sum()), "right": right, "wrong": wrong}
        for one in cutoff_measures(sample, ("precision", "recall"), cutoff):
            low, high, _ = one.interval(self.quality.confidence)
            name = one.measure
            row |= {name: one.value, f"{name}_low": low, f"{name}_high": high}
        return row


def quality_tables(
    quality: Quality, queries: pd.DataFrame, answers: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The tables ``quality`` and ``fixed_cutoffs``, of the answers; sizes ascend in them."""
    judge = _Judge(quality, queries)
    measured: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    cutoffs: dict[tuple[str, str], dict[str, float]] = {}
    lists = answers.groupby(["documents", "source"], sort=False, observed=True)
    for (documents, source), own in lists:
        for scoring in (VALUE, MARGIN):
            hits = judge.scored(own, scoring)
            named = {"documents": documents, "source": str(source), "scoring": scoring}
            measured += [named | row for row in judge.measured(hits)]
            tuned = cutoffs.setdefault((str(source), scoring), {}) or judge.cutoffs(hits)
            cutoffs[str(source), scoring] = tuned
            kept += [
                named | {"target": target, "cutoff": cutoff} | judge.kept(hits, cutoff)
                for target, cutoff in tuned.items()
            ]
    return {"quality": pd.DataFrame(measured), "fixed_cutoffs": pd.DataFrame(kept)}


def check_answers(tables: Mapping[str, pd.DataFrame], size: int) -> Check:
    """Whether answers are ranked, whole, and of the pairs that were counted."""
    answers, pairs = tables["answers"], tables["score_pairs"]
    of_query = ["documents", "source", "row"]
    ordered = answers.groupby(of_query, sort=False, observed=True)
    problems = []
    if (ordered["value"].diff() > 0).any():
        problems.append("a value is above the one before it")
    if (ordered.cumcount() != answers["rank"]).any() or (answers["rank"] >= size).any():
        problems.append(f"ranks are not 0, 1, 2, … below {size}")
    signed = int((tables["queries"]["status"] == "ok").sum())
    counted = pairs.groupby(["documents", "source"], sort=False)["pairs"].sum()
    problems += [
        f"{row['source']} at {row['documents']:,} documents: {row['pairs']:,} pairs of "
        f"{signed:,} queries"
        for row in counted.reset_index().to_dict("records")
        if row["pairs"] != row["documents"] * signed
    ]
    for (documents, source), own in answers.groupby(["documents", "source"], observed=True):
        counted_so = where(pairs, documents=documents, source=source)
        if counted_so.empty:  # distances, which are not counted
            continue
        # Above the last hit of every answer that is full, all pairs are hits.
        lists = own.groupby("row")["value"].agg(["size", "min"])
        last = lists.loc[lists["size"] == size, "min"].max() if len(lists) else 0
        above = 0 if pd.isna(last) else last
        listed = int((own["value"] > above).sum())
        expected = int(counted_so.loc[counted_so["score"] > above, "pairs"].sum())
        if listed != expected:
            problems.append(
                f"{source} at {documents:,} documents: {listed:,} hits score above {above:g}, "
                f"{expected:,} pairs do"
            )
    return agree("answers are ranked and complete", problems, f"{len(answers):,} hits")


def stored_answers(work: Path, sizes: list[int], sources: list[str]) -> dict[tuple[int, str], Best]:
    """Answers of an exact pass, size by size."""
    return {
        (size, source): Best.load(answer_path(work, size, source))
        for size in sizes
        for source in sources
    }


def answer_path(work: Path, size: int, source: str) -> Path:
    """Where the answers of one source at one size are kept until the run is whole."""
    return work / "answers" / f"{size}-{source.replace(' ', '_')}.npz"
