"""All schemes of a grid, on all cores; each finished one is kept as a file of its own."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.bootstrap import Estimate, draw_groups, percentile_interval
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import check_queries, read_queries
from bench.evaluate.rankings import RANKINGS
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.system import evaluate_point
from bench.index.variant import parameters
from bench.kinds.sweep.by_cutoff import as_columns, by_cutoff, last_found, plain
from bench.kinds.sweep.config import Sweep
from bench.runs.folder import read_json, write_json
from bench.search.exact.simulator import SimulatedHits, Simulator
from bench.search.exact.truth import IGNORED, RIGHT, find_truth, signed_rows
from bench.search.exact.word_distance import pair_distances, word_distances
from bench.signing.sign import Signed, load_signed
from datasets.parallel import in_parallel
from imgsig import WordScheme

#: Estimates by ranking, measure and tie label.
Estimates = Mapping[tuple[str, str, str], Estimate]


@dataclass(frozen=True)
class SchemeQuality:
    """What is known of a scheme without an engine.

    `rows` has one a ranking and measure, with the paired difference to the reference under the same
    ranking. `wrong_pairs` counts wrong query–document pairs by score 0 … N. `by_cutoff` has recall
    and wrong pairs at each cutoff, as columns, see `bench.kinds.sweep.by_cutoff`. `leaf_bytes` are
    the bytes a document that the words take in a block tree, see `bench.sizes.size_model`.
    """

    rows: list[dict[str, Any]]
    wrong_pairs: list[int]
    by_cutoff: dict[str, list[Any]]
    leaf_bytes: float


def evaluation_settings(sweep: Sweep) -> EvaluationSettings:
    """How a sweep's schemes are measured."""
    options = {"precisions": (0.9, 0.99), "recall_ranks": (1,)}
    return sweep.evaluation.settings(sweep.search.size, **options)


#: Columns of the rows of a scheme.
_ROW = ["ranking", "measure", "tie", "value", "low", "high", "interval"]
_ROW += ["difference", "difference_low", "difference_high", "n"]


class Evaluator:
    """Simulates and measures schemes on one signed collection."""

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
        last = last_found(found, self._rows, len(self._queries), size)
        sizes = len(self._simulator.documents), scheme.N
        how = self._sweep.rankings_of_words, self._settings.confidence
        cutoffs = by_cutoff(hits, last, self._queries, self._weights, *sizes, *how)
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
        return dict(zip(_ROW, (*key, own.value, low, high, kind, *apart, own.n), strict=True))


Advance = Callable[[int], object]

#: Schemes a worker takes at a time: neighbours share words, few keep the progress steady.
_BATCH = 8


def simulate_all(
    schemes: Mapping[str, WordScheme], sweep: Sweep, work: Path, advance: Advance
) -> None:
    """Simulate and evaluate the schemes that are not done yet."""
    waiting = {name: one for name, one in schemes.items() if not _file(work, name).is_file()}
    advance(len(schemes) - len(waiting))
    config = sweep.model_dump_json()
    for done in in_parallel(_simulate, ((work, config, batch) for batch in _batches(waiting))):
        advance(done)


def read_simulated(schemes: Mapping[str, WordScheme], work: Path) -> dict[str, dict[str, Any]]:
    """What was found of each scheme, by name: the fields of `SchemeQuality`."""
    return {name: read_json(_file(work, name)) for name in schemes}


def quality_table(
    schemes: Mapping[str, WordScheme], simulated: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """One row a scheme, ranking and measure; see `bench.kinds.sweep.simulate`."""
    return pd.DataFrame(
        {"variant": name, **parameters(scheme)}
        | {key: float("nan") if value is None else value for key, value in row.items()}
        for name, scheme in schemes.items()
        for row in simulated[name]["rows"]
    )


def wrong_pairs_table(
    schemes: Mapping[str, WordScheme], simulated: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """One row a scheme and score: how many wrong query–document pairs have it."""
    rows = [
        (name, score, pairs)
        for name in schemes
        for score, pairs in enumerate(simulated[name]["wrong_pairs"])
    ]
    return pd.DataFrame(rows, columns=["variant", "score", "pairs"])


def _file(work: Path, name: str) -> Path:
    return work / "simulated" / f"{name}.json"


def _batches(schemes: Mapping[str, WordScheme]) -> list[dict[str, WordScheme]]:
    """Schemes that can share words, together."""
    families = defaultdict(list)
    for name, scheme in schemes.items():
        families[scheme.alphabet, scheme.strip, scheme.k].append(name)
    return [
        {name: schemes[name] for name in names[start : start + _BATCH]}
        for names in families.values()
        for start in range(0, len(names), _BATCH)
    ]


def _simulate(work: Path, config: str, schemes: Mapping[str, WordScheme]) -> int:
    """Simulate a batch in a worker; what an earlier start has done in between stays."""
    evaluator = _evaluator(work, config)
    for name, scheme in schemes.items():
        quality = asdict(evaluator.evaluate(scheme))
        for row in quality["rows"]:
            # JSON has no NaN, and a measure without an interval has none to write.
            row.update({key: plain(value) for key, value in row.items()})
        write_json(_file(work, name), quality)
    return len(schemes)


@lru_cache(maxsize=1)
def _evaluator(work: Path, config: str) -> Evaluator:
    """The evaluator of this process: signatures and resamples are read once."""
    return Evaluator(load_signed(work / "signed"), Sweep.model_validate_json(config))
