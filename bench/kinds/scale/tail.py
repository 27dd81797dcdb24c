"""Wrong pairs at high scores: all pairs of real pictures of different scenes, and models of them.

Half of the scenes are drawn. Models are fitted to the pairs within it, and tested on those within
the other half, which share no picture with them. Above a start, both say how fast pairs become
fewer with every point of the score:

``geometric``
    By one and the same factor for all queries, as `bench.evaluate.wrong_pairs` has it.
``beta-geometric``
    By a factor of each query's own, which over queries has a beta distribution: the tail is
    heavier, the more so the further it reaches (Pielou, "Runs of One Species with Respect to
    Another in Transects through Plant Populations", Biometrics 18, 1962).

``unrelated_pairs``
    One row a source, part and score: pairs within the half that was ``fitted``, within the half
    that was ``tested``, and ``between`` both.
``tails``
    One row a source and model: parameters, and the mean log-likelihood of the tested half's pairs
    above the start; the larger is ``better``.
``tail``
    One row a source, model and score from the start on: pairs of at least that score that were
    counted in each half, and how many the model predicts in the tested one. Where the fitted half
    has none, what is predicted is ``extrapolated``.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln

from bench.index.variant import source_of
from bench.kinds.scale.config import Scale, Tail
from bench.search.exact.unrelated import count_unrelated
from bench.signing.sign import Signed
from imgsig import quality

FITTED, TESTED, BETWEEN = "fitted", "tested", "between"
#: A fit of the beta distribution ends here: with parameters this large it is a single factor.
_LARGEST = 1e6
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


def unrelated_pairs(
    scale: Scale, tail: Tail, signed: Signed, advance: Callable[[int], object]
) -> pd.DataFrame:
    """The table ``unrelated_pairs``, of every source that an index of the run ranks by."""
    indexed = signed.documents[signed.documents["doc"] >= 0].sort_values("doc")
    says_something = quality(signed.database) >= tail.quality
    signatures = signed.database[says_something]
    scenes = indexed["group"].to_numpy(dtype=np.str_)[says_something]
    names, groups = np.unique(scenes, return_inverse=True)
    drawn = np.random.default_rng(tail.seed).permutation(len(names)) < len(names) // 2
    first = drawn[groups]
    parts = []
    for source, variant in {source_of(one): one for one in scale.expand()}.items():
        own = [
            count_unrelated(variant, signatures[rows], groups[rows], advance)
            for rows in (first, ~first, np.ones(len(groups), dtype=np.bool_))
        ]
        counts = {FITTED: own[0], TESTED: own[1], BETWEEN: own[2] - own[0] - own[1]}
        parts += [
            pd.DataFrame(
                {
                    "source": source,
                    "part": part,
                    "score": np.flatnonzero(found),
                    "pairs": found[found > 0],
                }
            )
            for part, found in counts.items()
        ]
    return pd.concat(parts, ignore_index=True)


def tail_tables(tail: Tail, pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables ``tails`` and ``tail``, of counted pairs."""
    fits: list[dict[str, Any]] = []
    predicted: list[dict[str, Any]] = []
    for source, own in pairs.groupby("source", sort=False):
        levels = int(own["score"].max()) + 1
        fitted, tested = (
            np.bincount(part["score"], part["pairs"], levels).astype(np.int64)
            for part in (own[own["part"] == name] for name in (FITTED, TESTED))
        )
        beyond = fitted[::-1].cumsum()[::-1]
        if not (beyond >= tail.pairs).any():
            continue
        start = int(np.flatnonzero(beyond >= tail.pairs)[-1])
        if not fitted[start + 1 :].any():  # so many have the largest score: there is no tail
            continue
        rate = float(beyond[start] / fitted.sum())
        found = [_geometric(fitted[start:]), _beta_geometric(fitted[start:])]
        likelihoods = [one.likelihood(tested[start:]) for one in found]
        for one, likelihood in zip(found, likelihoods, strict=True):
            named = {"source": source, "model": one.name}
            fits.append(
                {
                    **named,
                    "start": start,
                    "rate": rate,
                    "a": one.a,
                    "b": one.b,
                    "log_likelihood": likelihood,
                    "better": likelihood == max(likelihoods),
                }
            )
            predicted += [named | row for row in _predicted(one, fitted, tested, start, rate)]
    return {
        "tails": pd.DataFrame(fits, columns=_FITS),
        "tail": pd.DataFrame(predicted, columns=_PREDICTED),
    }


#: Columns of the tables ``tails`` and ``tail``, which may have no row.
_FITS = ["source", "model", "start", "rate", "a", "b", "log_likelihood", "better"]
_PREDICTED = ["source", "model", "score", "fitted_pairs", "tested_pairs", "rate"]
_PREDICTED += ["foretold_pairs", "extrapolated"]


def _predicted(
    fit: "_Fit", fitted: Counts, tested: Counts, start: int, rate: float
) -> list[dict[str, Any]]:
    scores = np.arange(start, len(fitted))
    beyond, seen = (each[::-1].cumsum()[::-1][start:] for each in (fitted, tested))
    rates = rate * np.exp(fit.log_beyond((scores - start).astype(np.float64)))
    rows = zip(scores.tolist(), beyond.tolist(), seen.tolist(), rates.tolist(), strict=True)
    return [
        {
            "score": score,
            "fitted_pairs": own,
            "tested_pairs": other,
            "rate": each,
            "foretold_pairs": each * int(tested.sum()),
            "extrapolated": own == 0,
        }
        for score, own, other, each in rows
    ]


class _Fit:
    """A distribution of by how many points scores exceed the start.

    With `b` 0 it is geometric with the factor `a`; else the chance to end has a beta distribution
    of the parameters `a` and `b`.
    """

    def __init__(self, name: str, a: float, b: float) -> None:
        self.name, self.a, self.b = name, a, b

    def log_beyond(self, excess: Floats) -> Floats:
        """Logarithm of the share that exceeds the start by so much or more."""
        if not self.b:
            return np.asarray(excess * np.log(self.a))
        return np.asarray(betaln(self.a, self.b + excess) - betaln(self.a, self.b))

    def likelihood(self, counts: Counts) -> float:
        """Mean log-likelihood of pairs, counted by their excess; NaN where there are none."""
        if not counts.sum():
            return float("nan")
        excess = np.arange(len(counts), dtype=np.float64)
        if not self.b:
            each = excess * np.log(self.a) + np.log1p(-self.a)
        else:
            each = betaln(self.a + 1, self.b + excess) - betaln(self.a, self.b)
        return float((counts * each).sum() / counts.sum())


def _geometric(counts: Counts) -> _Fit:
    mean = float((np.arange(len(counts)) * counts).sum() / counts.sum())
    return _Fit("geometric", mean / (1 + mean), 0.0)


def _beta_geometric(counts: Counts) -> _Fit:
    factor = _geometric(counts).a
    begin = np.log([10 * (1 - factor), 10 * factor]) if 0 < factor < 1 else np.zeros(2)
    bounds = [(-np.log(_LARGEST), np.log(_LARGEST))] * 2

    def loss(parameters: Floats) -> float:
        a, b = np.exp(parameters)
        return -_Fit("", float(a), float(b)).likelihood(counts)

    a, b = np.exp(minimize(loss, begin, bounds=bounds, method="L-BFGS-B").x)
    return _Fit("beta-geometric", float(a), float(b))
