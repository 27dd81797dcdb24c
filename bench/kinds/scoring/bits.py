"""How few bits will do: codes of the free values, and bits chosen from them on the half to tune on.

A bit tells copies from others by how much seldomer it differs between a copy and its original than
between unrelated pictures; neighbouring bits say the same twice. The choice is greedy: at each step
the bit after which the mean number of differing bits of right and of unrelated pairs is furthest
apart in units of its spread (Fisher's criterion with equal weights, the weights of a Hamming
distance).

``bits``
    One row a code, scoring and measure, of the half that nothing was chosen on.
``chosen_bits``
    The free values in the order of the choice.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.arrays import Bools, Floats
from bench.evaluate.judge import REPORT, Judge, compared
from bench.evaluate.scorings import REFERENCE, SCORINGS, get_scoring, normalised
from bench.kinds.scoring.config import Scoring as Config
from bench.kinds.scoring.lists import Searches
from bench.kinds.scoring.quality import settings_of
from bench.search.exact.bits import nearness, packed
from bench.search.exact.truth import RIGHT, WRONG
from bench.signing.sign import Signed
from imgsig.strips import get_strip

#: Random pairs of a query and a document of another scene.
UNRELATED = 50_000


def choose_bits(right: Bools, unrelated: Bools) -> NDArray[np.int64]:
    """Order of all bits, the most telling first.

    Of ``bool[pairs, bits]`` twice: which bits differ in right pairs, and in unrelated ones.
    """
    apart = unrelated.mean(axis=0) - right.mean(axis=0)
    spread = np.cov(unrelated.astype(np.float64), rowvar=False)
    spread += np.cov(right.astype(np.float64), rowvar=False)
    free = np.ones(len(apart), dtype=np.bool_)
    order: list[int] = []
    total, variance = 0.0, 0.0
    with_chosen: Floats = np.zeros(len(apart))  # covariance of each bit with the sum of the chosen
    for _ in apart:
        gained = variance + 2 * with_chosen + np.diag(spread)
        telling = (total + apart) / np.sqrt(np.maximum(gained, 1e-12))
        best = int(np.argmax(np.where(free, telling, -np.inf)))
        total, variance = total + apart[best], float(gained[best])
        with_chosen += spread[best]
        free[best] = False
        order.append(best)
    return np.array(order, dtype=np.int64)


def bit_tables(
    config: Config, signed: Signed, searches: Searches, of_reference: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Choose bits on one half of the scenes and measure fewer and fewer on the other."""
    free = get_strip("half").kept
    documents = searches.simulator.documents[:, free]
    queries = searches.simulator.queries[:, free]
    order = choose_bits(*_differing(signed, searches, documents >= 0, queries >= 0))
    total = len(order)
    codes: dict[str, tuple[int, NDArray[np.int64], int]] = {
        f"{total}, value >= 0": (0, order, total),
        f"{total}, value > 0": (1, order, total),
    }
    for count in config.bits:
        evenly = np.linspace(0, total, count, endpoint=False).astype(np.int64)
        codes[f"{count} chosen"] = (0, order[:count], count)
        codes[f"{count} evenly"] = (0, evenly, count)
    judge = Judge(signed.queries, settings_of(config))
    reference = judge.estimates(of_reference, get_scoring(REFERENCE).goodness(of_reference), REPORT)
    rows: list[dict[str, Any]] = []
    for code, (least, chosen, count) in codes.items():
        of_documents, of_queries = (packed(one[:, chosen] >= least) for one in (documents, queries))
        hits = searches.ranked(nearness(of_documents, of_queries, count))
        for scoring in SCORINGS:
            if scoring.by != "hamming" or scoring.value != "score":
                continue
            k, _ = judge.tuned(config.k, scoring, hits)
            goodness = normalised(scoring, hits, len(judge), config.search.size, k)
            of_code = {"code": code, "bits": count, "scoring": scoring.name, "k": k}
            found = judge.estimates(hits, goodness, REPORT)
            rows += [
                of_code | compared(own, reference[name], config.evaluation.confidence)
                for name, own in found.items()
            ]
    places = pd.DataFrame({"order": np.arange(total), "value": np.flatnonzero(free)[order]})
    return {"bits": pd.DataFrame(rows), "chosen_bits": places}


def _differing(
    signed: Signed, searches: Searches, documents: Bools, queries: Bools
) -> tuple[Bools, Bools]:
    """Which bits differ, in right pairs and in unrelated ones of the half to tune on."""
    truth, rows = searches.truth, searches.rows
    tune = (signed.queries["half"] != REPORT).to_numpy()[rows]
    kept = (truth.code == RIGHT) & tune[truth.query]
    right = queries[truth.query[kept]] != documents[truth.doc[kept]]
    rng = np.random.default_rng(0)
    query = rng.choice(np.flatnonzero(tune), UNRELATED)
    doc = rng.integers(0, len(documents), UNRELATED)
    apart = truth.of(query, doc) == WRONG
    return right, queries[query[apart]] != documents[doc[apart]]
