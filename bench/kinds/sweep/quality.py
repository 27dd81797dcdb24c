"""Search quality of a scheme, from simulated hits to rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.evaluate.bootstrap import Estimate, draw_groups, percentile_interval
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import check_queries, read_queries
from bench.evaluate.rankings import RANKINGS
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.system import evaluate_point
from bench.kinds.sweep.by_cutoff import as_columns, by_cutoff, last_found
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.ranked_sizes import rankings_of_words
from bench.search.exact.simulator import SimulatedHits, Simulator
from bench.search.exact.truth import IGNORED, RIGHT, find_truth, signed_rows
from bench.search.exact.word_distance import pair_distances, word_distances
from bench.signing.sign import Signed
from imgsig import WordScheme

#: Estimates by ranking, measure and tie label.
Estimates = Mapping[tuple[str, str, str], Estimate]


@dataclass(frozen=True)
class SchemeQuality:
    """What is known of a scheme without an engine.

    Parameters
    ----------
    rows : list of dict
        One a ranking and measure: ``ranking, measure, tie, value, low, high, interval, n``, and
        ``difference, difference_low, difference_high`` to the reference under the same ranking.
    wrong_pairs : list of int
        How many wrong query–document pairs have each score 0 … N.
    by_cutoff : dict of str to list
        Recall and wrong pairs at each cutoff, as columns, see `bench.kinds.sweep.by_cutoff`.
    leaf_bytes : float
        Bytes a document that the words take in a block tree, see `bench.sizes.size_model`.
    """

    rows: list[dict[str, Any]]
    wrong_pairs: list[int]
    by_cutoff: dict[str, list[Any]]
    leaf_bytes: float


def evaluation_settings(sweep: Sweep) -> EvaluationSettings:
    """How a sweep's schemes are measured."""
    resampling = sweep.evaluation
    return EvaluationSettings(
        n_candidates=sweep.search.size,
        precisions=(0.9, 0.99),
        recall_ranks=(1,),
        n_resamples=resampling.resamples,
        confidence=resampling.confidence,
        seed=resampling.seed,
    )


class Evaluator:
    """Simulates and measures schemes on one signed collection.

    Parameters
    ----------
    signed : Signed
        Documents and queries.
    sweep : Sweep
        Reference, rankings, size of the search and resampling.
    """

    def __init__(self, signed: Signed, sweep: Sweep) -> None:
        self._sweep = sweep
        self._rows = signed_rows(signed)
        self._truth = find_truth(signed)
        self._simulator = Simulator(signed.database, signed.query_signatures[self._rows])
        self._queries = read_queries(check_queries(signed.queries))
        self._settings = evaluation_settings(sweep)
        self._weights = draw_groups(
            self._queries.n_groups, self._settings.n_resamples, self._settings.seed
        )

    def evaluate(self, scheme: WordScheme) -> SchemeQuality:
        """Simulate the search by a scheme's words and measure what it finds."""
        reference = self._reference
        size = self._sweep.search.size
        found = self._simulator.search(scheme, size)
        hits = self._hits(scheme, found)
        estimates = self._estimates(hits)
        cutoffs = by_cutoff(
            hits,
            last_found(found, self._rows, len(self._queries), size),
            self._queries,
            self._weights,
            len(self._simulator.documents),
            scheme.N,
            rankings_of_words(self._sweep),
            self._settings.confidence,
        )
        related = self._simulator.score_pairs(scheme, self._truth.query, self._truth.doc)
        wrong = found.histogram - np.bincount(related, minlength=scheme.N + 1)
        return SchemeQuality(
            [self._row(key, one, reference[key]) for key, one in estimates.items()],
            wrong.tolist(),
            as_columns(cutoffs),
            self._simulator.leaf_bytes(scheme),
        )

    @cached_property
    def _reference(self) -> Estimates:
        scheme = self._sweep.reference.build()
        found = self._simulator.search(scheme, self._sweep.search.size)
        return self._estimates(self._hits(scheme, found))

    def _estimates(self, hits: Hits) -> Estimates:
        given = (self._queries, self._weights, self._settings)
        return {
            (name, estimate.measure, estimate.tie): estimate
            for name in self._sweep.rankings
            for estimate in evaluate_point(hits, RANKINGS[name], *given)
        }

    def _hits(self, scheme: WordScheme, found: SimulatedHits) -> Hits:
        code = self._truth.of(found.query, found.doc)
        counted = code != IGNORED
        query, doc = found.query[counted], found.doc[counted]
        columns: dict[str, NDArray[Any]] = {"score": found.score[counted]}
        signatures = self._simulator.documents, self._simulator.queries
        if "distance" in self._sweep.rankings:
            columns["distance"] = pair_distances(*signatures, query, doc)
        if "sign_distance" in self._sweep.rankings:
            columns["sign_distance"] = word_distances(scheme, *signatures, query, doc)
        right = code[counted] == RIGHT
        return hits_from_arrays(self._rows[query], right, columns, len(self._queries))

    def _row(self, key: tuple[str, str, str], own: Estimate, reference: Estimate) -> dict[str, Any]:
        low, high, kind = own.interval(self._settings.confidence)
        apart = (float("nan"),) * 3
        if own.samples is not None and reference.samples is not None:
            both = own.samples - reference.samples
            interval = percentile_interval(both, self._settings.confidence)
            apart = (own.value - reference.value, *interval)
        return {
            **dict(zip(("ranking", "measure", "tie"), key, strict=True)),
            "value": own.value,
            "low": low,
            "high": high,
            "interval": kind,
            "difference": apart[0],
            "difference_low": apart[1],
            "difference_high": apart[2],
            "n": own.n,
        }
