"""What the fast mode does to a search: documents and queries, each signed both ways."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.comparisons import Estimates, comparable, corrected, differences
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import Queries, check_queries, read_queries
from bench.evaluate.rankings import RANKINGS
from bench.evaluate.settings import EvaluationSettings, System
from bench.evaluate.system import evaluate_point
from bench.kinds.sections import Evaluation
from bench.kinds.speed.exact_vs_fast import MODES, Whole
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import IGNORED, RIGHT, find_truth
from bench.search.exact.word_distance import pair_distances
from bench.signing.sign import Signed
from imgsig import WordScheme

#: Rankings that are compared.
RANKED_BY = ("score", "distance")
#: Hits a search returns.
SIZE = 100
#: All queries, and those of which both the query and its right answer are large enough to be
#: decoded at a fraction of their size: all others are the same both ways.
SUBSETS = ("all", "reduced")


def measure_quality(whole: Whole, among: Signed, settings: Evaluation) -> pd.DataFrame:
    """Search with all four combinations of how documents and queries are signed.

    Returns
    -------
    DataFrame
        One row a combination, ranking, subset of the queries and measure: ``documents``,
        ``queries`` (how each is signed), ``ranking``, ``subset``, ``measure``, ``value``, ``low``,
        ``high``, ``n`` (queries), ``difference`` to exact and exact with ``difference_low``,
        ``difference_high`` and ``p`` (corrected for the number of comparisons of that measure).
    """
    tiles = among.documents[(among.documents["doc"] >= 0) & (among.documents["left"] >= 0)]
    distractors = among.database[tiles["doc"].to_numpy()]
    count = len(whole.of_documents)
    tiles = tiles.assign(doc=np.arange(count, count + len(tiles)))
    documents = pd.concat([whole.documents, tiles], ignore_index=True)
    read = read_queries(check_queries(whole.queries))
    asked = replace(read, halves={"all": read.halves["all"], "reduced": whole.reduced})
    options = EvaluationSettings(
        n_candidates=SIZE,
        precisions=(0.9,),
        recall_ranks=(1,),
        n_resamples=settings.resamples,
        confidence=settings.confidence,
        seed=settings.seed,
    )
    weights = draw_groups(read.n_groups, options.n_resamples, options.seed)
    rows: list[dict[str, object]] = []
    for subset in SUBSETS:
        estimates: dict[System, Estimates] = {}
        for of_documents, of_queries in product(MODES, MODES):
            originals, copies = whole.signatures(of_documents, of_queries)
            database = np.concatenate([originals, distractors])
            signed = Signed(documents, whole.queries, database, copies, {})
            hits = _hits(signed, asked)
            for name in RANKED_BY:
                system = System(f"{of_documents}/{of_queries}", name)
                found = evaluate_point(hits, RANKINGS[name], asked, weights, options, subset)
                estimates[system] = comparable(found)
        rows += _rows(estimates, subset, settings.confidence)
    return pd.DataFrame(rows)


def _hits(signed: Signed, queries: Queries) -> Hits:
    truth = find_truth(signed)
    found = Simulator(signed.database, signed.query_signatures).search(WordScheme(), SIZE)
    code = truth.of(found.query, found.doc)
    counted = code != IGNORED
    query, doc = found.query[counted], found.doc[counted]
    columns = {
        "score": found.score[counted],
        "distance": pair_distances(signed.database, signed.query_signatures, query, doc),
    }
    return hits_from_arrays(query, code[counted] == RIGHT, columns, len(queries))


def _rows(
    estimates: Mapping[System, Estimates], subset: str, confidence: float
) -> list[dict[str, object]]:
    first = {system: System("exact/exact", system.ranking) for system in estimates}
    pairs = [(system, other) for system, other in first.items() if system != other]
    compared = {
        (row["variant_a"], row["ranking_a"], row["measure"]): row
        for row in corrected(differences(estimates, pairs, confidence), confidence)
    }
    rows: list[dict[str, object]] = []
    for (variant, ranking), own in estimates.items():
        of_documents, of_queries = variant.split("/")
        for measure in ("recall@1", "uAP", "R@P90"):
            (estimate,) = (e for (name, _), e in own.items() if name == measure)
            low, high, _ = estimate.interval(confidence)
            difference = compared.get((variant, ranking, measure), {})
            rows.append(
                {
                    "documents": of_documents,
                    "queries": of_queries,
                    "ranking": ranking,
                    "subset": subset,
                    "measure": measure,
                    "value": estimate.value,
                    "low": low,
                    "high": high,
                    "n": estimate.n,
                    "difference": difference.get("difference", float("nan")),
                    "difference_low": difference.get("low", float("nan")),
                    "difference_high": difference.get("high", float("nan")),
                    "p": difference.get("p_holm", float("nan")),
                }
            )
    return rows
