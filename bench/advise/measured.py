"""Choices that were measured at a size: the indices of a scale run, ranked by score or margin."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Floats
from bench.evaluate.judge import Judge
from bench.evaluate.rankings import SCORE
from bench.evaluate.sample import take_sample
from bench.evaluate.scorings import backgrounds
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.wrong_pairs import MOST_WRONG, wrong_pairs
from bench.index.variant import PARAMETERS, source_of, variants_of
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder

#: Scores less that of a rank of the same answer, as `imgsig.index` ranks by ``margin``.
MARGIN = "margin"
#: Cutoffs of each ranking that are tried at most.
_CUTOFFS = 60
_NEEDED = ("answers", "queries", "sizes")


def measured_choices(scale: RunFolder, images: int) -> pd.DataFrame:
    """One row an index, ranking and cutoff, as of `bench.advise.choices.choices`.

    Of the sizes that were searched it is the smallest that has all the images, or the largest. Both
    columns ``candidates``, the hits that were fetched, and ``least_documents``, that size, say what
    rows of a sweep do not: a margin's wrong pairs do not grow in step with the documents, so that
    fewer are reckoned as so many. Graphs of neighbours are left out: what they find depends on the
    candidates, too.
    """
    manifest = scale.manifest()
    if not set(_NEEDED) <= set(manifest["tables"]):
        raise RunError(f"{scale.path} searched nothing: its config has no `queries` and `quality`")
    config = manifest["config"]
    answers, sizes = scale.table("answers"), scale.table("sizes")
    measured = sorted(answers["documents"].unique())
    documents = int(next((size for size in measured if size >= images), measured[-1]))
    own = answers[answers["documents"] == documents]
    stored = sizes[(sizes["documents"] == documents) & (sizes["origin"] == "collection")]
    bytes_of = stored.set_index("variant")["bytes_per_document"]
    by_source = dict(iter(own.groupby("source", sort=False, observed=True)))
    judge = _judge(scale, config)
    rows: list[dict[str, Any]] = []
    judged: dict[str, list[dict[str, Any]]] = {}
    for variant in variants_of(config):
        if not variant.identity.layout.matcher.exact or variant.index_name not in bytes_of:
            continue
        source, size = source_of(variant), float(bytes_of[variant.index_name])
        if source not in judged:
            judged[source] = list(_rows(judge, by_source[source], documents, config["quality"]))
        words = PARAMETERS if variant.identity.layout.matcher.takes_least else ()
        shared = {
            "variant": variant.index_name,
            # Not as in tables, which do not say where chosen words begin.
            **{name: getattr(variant.scheme, name) for name in words},
            "layout": variant.layout,
            "codec": dict(variant.codec),
            "bytes_per_document": size,
            "bytes_low": size,
            "bytes_high": size,
            "size_source": "measured",
            "candidates": float(config["quality"]["size"]),
            "least_documents": documents,
            "background": config["quality"]["k"],
        }
        rows += [row | shared for row in judged[source]]
    if not rows:
        raise RunError(f"{scale.path} has no index that compares all and found anything")
    return pd.DataFrame(rows)


def _judge(scale: RunFolder, config: Mapping[str, Any]) -> Judge:
    quality = config["quality"]
    settings = EvaluationSettings(
        quality["size"],
        n_resamples=quality["resamples"],
        confidence=quality["confidence"],
        seed=quality["seed"],
    )
    return Judge(scale.table("queries"), settings)


def _rows(
    judge: Judge, answers: pd.DataFrame, documents: int, quality: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Rows of both rankings of one list, without what names its index."""
    size, every = quality["size"], np.ones(len(judge), dtype=np.bool_)
    row, values = answers["row"].to_numpy(), answers["value"].to_numpy(np.float64)
    own = backgrounds(answers, values, len(judge), size, "kth", quality["k"], worst=0.0)
    last = np.zeros(len(judge))
    full = (answers["rank"] == size - 1).to_numpy()
    last[row[full]] = values[full]
    for ranking, less in ((SCORE.name, np.zeros(len(judge))), (MARGIN, own)):
        sample = take_sample(
            judge.hits(answers, values - less[row]), SCORE, judge.queries, every, judge.weights
        )
        cutoffs = _cutoffs(sample.goodness[sample.hits.right])
        lacking = np.where(last > 0, last - less, 0.0)
        found = wrong_pairs(
            sample, judge.queries, documents, cutoffs, lacking, quality["confidence"]
        )
        for one in found:
            if one["right_pairs"] and one["rate"] <= MOST_WRONG:  # type: ignore[operator]
                least = one["cutoff"] if ranking == SCORE.name else 1
                yield {"ranking": ranking, "min_score": int(least), **one}  # type: ignore[call-overload]


def _cutoffs(values: Floats) -> Floats:
    """Values of right hits above 0, at most so many, evenly among them."""
    known: Floats = np.unique(values[values > 0])
    if not len(known):
        return known
    return known[np.unique(np.linspace(0, len(known) - 1, _CUTOFFS).round().astype(np.int64))]
