"""Which words matter, in a sweep: tables of single words, of what they repeat, and of a choice.

``words``
    One row a word of the reference and of the words that papers quote, 100 × 10:
    `words.word_selectivity`, and ``repeated_right`` and ``repeated_unrelated``, the largest
    correlation of "is equal" with another word.
``redundancy``
    One row a scheme and kind of pairs (``right``, ``unrelated``): how many independent words its
    words are worth.
``greedy``
    One row a word count and measure: words chosen greedily on the tune half against as many evenly
    spaced ones, both searched with on the report half.
``chosen_words``
    The words in the order in which they were chosen.

Right pairs are queries of the tune half and the document they were made from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.bootstrap import Estimate, draw_groups, percentile_interval
from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import check_queries, read_queries
from bench.evaluate.measures import CANDIDATE_RECALL, WORDS, headlines
from bench.evaluate.rankings import SCORE
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.system import evaluate_point
from bench.index.variant import parameters, scheme_name
from bench.kinds.sweep.words import GreedyChoice, choose_words, redundancy, word_selectivity
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import IGNORED, RIGHT, find_truth, signed_rows
from bench.signing.photograph import Signatures
from bench.signing.sign import Signed
from imgsig import WordScheme

#: Signatures of two pictures of each pair.
Pairs = tuple[Signatures, Signatures]

QUOTED = WordScheme(N=100, k=10)
#: Schemes whose redundancy is told beside that of the reference.
COMPARED = (WordScheme(N=16, k=16), WordScheme(N=40, k=16, spacing="disjoint"), QUOTED)
WORD_COUNTS = (8, 16, 32, 63)
#: Few enough that every word at every position of both pictures fits in half a gigabyte.
UNRELATED_PAIRS = 20_000
MEASURES = (*headlines(WORDS), CANDIDATE_RECALL.of("100"))


@dataclass(frozen=True)
class WordSettings:
    """How the words are looked at.

    Of the word counts the largest is chosen once, the others are its first ones. `unrelated` is a
    number of random pairs of query and document that are of different scenes. For `cost` see
    `bench.kinds.sweep.words.choose_words`.
    """

    counts: Sequence[int] = WORD_COUNTS
    unrelated: int = UNRELATED_PAIRS
    cost: float = 1.0
    seed: int = 0


def word_tables(
    signed: Signed,
    reference: WordScheme,
    evaluation: EvaluationSettings,
    settings: WordSettings = WordSettings(),
) -> dict[str, pd.DataFrame]:
    """Make the tables of the words of a sweep."""
    right = right_pairs(signed, "tune")
    unrelated = unrelated_pairs(signed, "tune", settings.unrelated, settings.seed)
    of_kind = {"right": right, "unrelated": unrelated}
    schemes = list(dict.fromkeys((reference, QUOTED, *COMPARED)))
    repeated = {
        (scheme_name(scheme), kind): redundancy(scheme, *pairs)
        for scheme in schemes
        for kind, pairs in of_kind.items()
    }
    parts = []
    for scheme in dict.fromkeys((reference, QUOTED)):
        name = scheme_name(scheme)
        part = word_selectivity(scheme, signed.database, _scenes(signed)[1])
        part.insert(0, "variant", name)
        part.insert(1, "k", scheme.k)
        for kind in of_kind:
            part[f"repeated_{kind}"] = repeated[name, kind].repeated
        parts.append(part)
    effective = pd.DataFrame(
        {
            "variant": scheme_name(scheme),
            **parameters(scheme),
            "pairs": kind,
            "n": len(pairs[0]),
            "effective_words": repeated[scheme_name(scheme), kind].effective_words,
        }
        for scheme in schemes
        for kind, pairs in of_kind.items()
    )
    choice = choose_words(reference.k, max(settings.counts), right, unrelated, cost=settings.cost)
    return {
        "words": pd.concat(parts, ignore_index=True),
        "redundancy": effective,
        "greedy": greedy_table(signed, choice, reference.k, settings.counts, evaluation),
        "chosen_words": pd.DataFrame(
            {
                "order": np.arange(len(choice.positions)),
                "k": reference.k,
                "position": choice.positions,
                "gain": choice.gains,
            }
        ),
    }


def right_pairs(signed: Signed, half: str) -> Pairs:
    """Queries of a half and the documents that are right answers to them."""
    rows, truth = signed_rows(signed), find_truth(signed)
    own = (signed.queries["half"] == half).to_numpy()[rows]
    kept = (truth.code == RIGHT) & own[truth.query]
    queries = signed.query_signatures[rows]
    return queries[truth.query[kept]], signed.database[truth.doc[kept]]


def unrelated_pairs(signed: Signed, half: str, count: int, seed: int) -> Pairs:
    """Random queries of a half with random documents of other scenes: at most `count`."""
    rows = signed_rows(signed)
    own = rows[(signed.queries["half"] == half).to_numpy()[rows]]
    count = min(count, len(own) * len(signed.database))
    rng = np.random.default_rng(seed)
    query = rng.choice(own, count)
    doc = rng.integers(0, len(signed.database), count)
    names, scenes = _scenes(signed)
    apart = signed.queries["group"].to_numpy()[query] != names[scenes[doc]]
    return signed.query_signatures[query[apart]], signed.database[doc[apart]]


def greedy_table(
    signed: Signed,
    choice: GreedyChoice,
    k: int,
    counts: Sequence[int],
    evaluation: EvaluationSettings,
) -> pd.DataFrame:
    """Search with the words chosen and with evenly spaced ones, on the report half.

    One row a word count and measure; differences are paired, by the same resamples of scenes.
    """
    rows, truth = signed_rows(signed), find_truth(signed)
    simulator = Simulator(signed.database, signed.query_signatures[rows])
    queries = read_queries(check_queries(signed.queries))
    weights = draw_groups(queries.n_groups, evaluation.n_resamples, evaluation.seed)

    def measured(scheme: WordScheme) -> dict[str, Estimate]:
        found = simulator.search(scheme, evaluation.n_candidates)
        code = truth.of(found.query, found.doc)
        counted = code != IGNORED
        hits = hits_from_arrays(
            rows[found.query[counted]],
            code[counted] == RIGHT,
            {"score": found.score[counted].astype(np.float64)},
            len(queries),
        )
        estimates = evaluate_point(hits, SCORE, queries, weights, evaluation, "report")
        return {estimate.measure: estimate for estimate in estimates}

    table = []
    for count in counts:
        greedy = measured(choice.scheme(count, k))
        even = measured(WordScheme(N=count, k=k))
        table += [
            {"N": count, "k": k, "measure": measure}
            | _compared(greedy[measure], even[measure], evaluation.confidence)
            for measure in MEASURES
            if measure in greedy
        ]
    return pd.DataFrame(table)


def _compared(greedy: Estimate, even: Estimate, confidence: float) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, estimate in (("greedy", greedy), ("even", even)):
        low, high, _ = estimate.interval(confidence)
        row |= {name: estimate.value, f"{name}_low": low, f"{name}_high": high}
    low = high = float("nan")
    if greedy.samples is not None and even.samples is not None:
        low, high = percentile_interval(greedy.samples - even.samples, confidence)
    difference = greedy.value - even.value
    return row | {
        "difference": difference,
        "difference_low": low,
        "difference_high": high,
        "n": greedy.n,
    }


def _scenes(signed: Signed) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    """Names of the scenes of documents, and the number of each document's: ``int64[documents]``."""
    indexed = signed.documents[signed.documents["doc"] >= 0].sort_values("doc")
    names, numbers = np.unique(indexed["group"].to_numpy(dtype=np.str_), return_inverse=True)
    return names, numbers.astype(np.int64)
