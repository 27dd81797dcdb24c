"""Bytes a document as a function of the number of documents, and how well it predicts a size.

Three things change with the size of a shard. What an index takes once is shared by more documents.
In the points of numeric fields Lucene writes the numbers of documents with two bytes as long as a
shard has at most 2^16 documents, with three up to 2^24, and with four beyond (`DocIdsWriter` of
Lucene 9.12): a step that a straight line through smaller sizes cannot know of. And the more values
there are, the more leading bytes neighbouring ones share: a slow trend with the logarithm of the
size, which must end some day. So the model is, with n documents in the shard,

    bytes a document = slope + intercept / n + step · (further bytes of a document number)
                       + trend · log2(n / largest measured n)

fitted by least squares; as many of its terms as the measured sizes can tell apart. Residuals of
bytes a document, not of bytes, are squared: errors of an index's size grow with the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from statsmodels.regression.linear_model import OLS

from bench.runs.errors import MeasurementError

#: Documents of a shard beyond which a document number takes a further byte in Lucene's points.
NUMBER_STEPS = (2**16, 2**24)
#: Terms of each model, in the order in which sizes must be able to tell them apart.
MODELS = {
    "line": ("slope", "intercept"),
    "step": ("slope", "intercept", "step"),
    "full": ("slope", "intercept", "step", "trend"),
}
TERMS = MODELS["full"]


def number_bytes(documents: ArrayLike) -> NDArray[np.intp]:
    """Bytes of a document number in Lucene's points, less the two that the smallest shard takes."""
    return np.searchsorted(NUMBER_STEPS, np.asarray(documents))


@dataclass(frozen=True)
class Predicted:
    """A predicted number of bytes a document, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class SizeFit:
    """One of `MODELS` of bytes a document, fitted by statsmodels to sizes of so many documents."""

    model: str
    documents: tuple[int, ...]
    confidence: float
    result: Any = field(repr=False, compare=False)

    def term(self, name: str) -> Predicted:
        """A coefficient with its confidence interval; NaN where the model has no such term."""
        terms = MODELS[self.model]
        if name not in terms:
            return Predicted(float("nan"), float("nan"), float("nan"))
        place = terms.index(name)
        low, high = self.result.conf_int(1 - self.confidence)[place]
        return Predicted(float(self.result.params[place]), float(low), float(high))

    @property
    def residual(self) -> float:
        """Standard deviation of the residuals, in bytes a document."""
        return float(np.sqrt(self.result.mse_resid))

    def predict(
        self, documents: int, *, trend_goes_on: bool = True, of_one_index: bool = True
    ) -> Predicted:
        """Predict the bytes a document of a shard.

        The interval is that of one further index (prediction), or of the mean (confidence).
        """
        smallest, largest = min(self.documents), max(self.documents)
        row = _terms(self.model, [documents], largest)
        if "trend" in MODELS[self.model]:
            most = np.log2(largest / smallest) if trend_goes_on else 0.0
            place = MODELS[self.model].index("trend")
            row[0, place] = min(row[0, place], most)
        prediction = self.result.get_prediction(row)
        interval = prediction.conf_int(obs=of_one_index, alpha=1 - self.confidence)[0]
        return Predicted(*map(float, (prediction.predicted_mean[0], *interval)))


def fit_sizes(
    documents: Sequence[int],
    store_bytes: Sequence[int],
    *,
    model: str | None = None,
    confidence: float = 0.95,
) -> SizeFit:
    """Fit a model to measured sizes."""
    supported = supported_models(documents)
    if not supported:
        raise MeasurementError(f"a line takes three sizes or more; these are {list(documents)}")
    chosen = model or supported[-1]
    if chosen not in supported:
        raise MeasurementError(
            f"model {chosen!r} has {len(MODELS[chosen])} terms, which the sizes {list(documents)} "
            "cannot tell apart; measure more sizes, on both sides of 65,536 documents"
        )
    bytes_per_document = np.asarray(store_bytes, dtype=np.float64) / np.asarray(documents)
    design = _terms(chosen, documents, max(documents))
    result = OLS(bytes_per_document, design).fit()
    return SizeFit(chosen, tuple(int(n) for n in documents), confidence, result)


def supported_models(documents: Sequence[int]) -> list[str]:
    """Models whose terms these sizes can tell apart, with at least one size to spare.

    A step takes two sizes on either side of it: with one, that one would be fitted exactly, and its
    error would be taken for the step. One beyond 2^24 besides is held against the step that those
    show.
    """
    sizes = sorted(set(documents))
    of_step = np.unique(number_bytes(sizes), return_counts=True)[1]
    shows_step = np.count_nonzero(of_step >= 2) >= 2
    return [
        model
        for model, terms in MODELS.items()
        if len(sizes) > len(terms) and (shows_step or "step" not in terms)
    ]


def _terms(model: str, documents: Sequence[int], largest: int) -> NDArray[np.float64]:
    """Values that the coefficients are multiplied with: ``float64[sizes, terms]``."""
    n = np.asarray(documents, dtype=np.float64)
    columns = {
        "slope": np.ones(len(n)),
        "intercept": 1 / n,
        "step": number_bytes(n).astype(np.float64),
        "trend": np.log2(n / largest),
    }
    return np.column_stack([columns[name] for name in MODELS[model]])


def fits_table(sizes: pd.DataFrame, confidence: float) -> tuple[pd.DataFrame, dict[str, SizeFit]]:
    """Fit every model that a scale run's sizes support, and test each on the largest size.

    Returns one row a variant and model: its terms with intervals, fitted to all sizes; and what the
    same model, fitted to all but the largest size (from the ``smallest`` on), predicted for it:
    ``held_out`` (documents), ``measured``, ``predicted``, ``predicted_low``, ``predicted_high``
    (prediction interval), ``error`` (relative) and ``inside``. NaN, and not inside, where too few
    sizes are left to test it. And of each variant the fit with the most terms, to all sizes.
    """
    rows: list[dict[str, Any]] = []
    best: dict[str, SizeFit] = {}
    measured = sizes[sizes["origin"] == "collection"]
    for name, own in measured.groupby("variant", sort=False):
        table = own.sort_values("documents")
        documents, stores = table["documents"].to_list(), table["store_bytes"].to_list()
        testable = supported_models(documents[:-1])
        for model in supported_models(documents):
            fit = fit_sizes(documents, stores, model=model, confidence=confidence)
            row: dict[str, Any] = {"variant": name, "model": model, "sizes": len(documents)}
            for term in TERMS:
                value = fit.term(term)
                row |= {term: value.value, f"{term}_low": value.low, f"{term}_high": value.high}
            row |= {"residual": fit.residual, "smallest": documents[0], "held_out": documents[-1]}
            row["measured"] = stores[-1] / documents[-1]
            predicted = Predicted(float("nan"), float("nan"), float("nan"))
            if model in testable:
                test = fit_sizes(documents[:-1], stores[:-1], model=model, confidence=confidence)
                predicted = test.predict(documents[-1])
            row |= {
                "predicted": predicted.value,
                "predicted_low": predicted.low,
                "predicted_high": predicted.high,
                "error": predicted.value / row["measured"] - 1,
                "inside": bool(predicted.low <= row["measured"] <= predicted.high),
            }
            rows.append(row)
            best[str(name)] = fit
    return pd.DataFrame(rows), best
