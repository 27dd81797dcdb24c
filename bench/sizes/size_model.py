"""Bytes a document of schemes that were not indexed, from those that were.

Words are matched through a block tree of numbers (Lucene's BKD tree), whose leaves are written by
fixed rules: `leaf_bytes` computes what they take for the words at hand. What else an index holds of
a document is a fixed part (path, id, version), something for each word, and where ``_source`` or
doc values keep the words too, something for each of their digits. So

    bytes a document = a + b · N + c · leaf bytes + d · N · k · log2(symbols)

The coefficients are fitted by least squares of the relative errors: what is wrong with twice the
index is twice as much.

Rules of the leaves: `BKDWriter` and `DocIdsWriter` of Lucene 9.12,
https://github.com/apache/lucene/tree/branch_9_12/lucene/core/src/java/org/apache/lucene/util/bkd
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student_t

from bench.runs.errors import MeasurementError

#: What a size is computed of, beside the fixed part.
PREDICTORS = ("N", "leaf_bytes", "raw_bits")
_NAMES = ("bytes_fixed", "bytes_a_word", "bytes_a_leaf_byte", "bytes_a_raw_bit")
N_COEFFICIENTS = len(_NAMES)

#: Columns of a size in tables: measured or predicted, and its interval.
SIZE = ("layout", "bytes_per_document", "bytes_low", "bytes_high", "size_source")


@dataclass(frozen=True)
class SizeModel:
    """A fitted model.

    Coefficients, ``float64[4]``, are bytes of the fixed part, then for one of each of `PREDICTORS`;
    their covariance, ``float64[4, 4]``, is over the variance of the relative error, of which
    `relative_error` is the standard deviation. `measured` counts the sizes it was fitted to.
    """

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    relative_error: float
    measured: int

    @classmethod
    def fit(cls, schemes: pd.DataFrame, bytes_per_document: ArrayLike) -> Self:
        """Fit to the measured sizes of schemes."""
        sizes = np.asarray(bytes_per_document, dtype=np.float64)
        if len(sizes) <= N_COEFFICIENTS:
            raise MeasurementError(
                f"{len(sizes)} measured sizes cannot fit {N_COEFFICIENTS} coefficients and tell "
                f"their error; index at least {N_COEFFICIENTS + 1} schemes in the layout"
            )
        rows = _rows(schemes) / sizes[:, np.newaxis]
        if np.linalg.matrix_rank(rows) < N_COEFFICIENTS:
            raise MeasurementError(
                f"the {len(sizes)} schemes that were indexed are too much alike to model sizes by "
                "word count, length and postings; index more of them"
            )
        coefficients, *_ = np.linalg.lstsq(rows, np.ones(len(sizes)))
        residuals = rows @ coefficients - 1
        return cls(
            coefficients.astype(np.float64),
            np.linalg.inv(rows.T @ rows).astype(np.float64),
            float(np.sqrt(residuals @ residuals / (len(sizes) - N_COEFFICIENTS))),
            len(sizes),
        )

    def predict(self, schemes: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
        """Predict sizes, each with the interval in which that of a new index lies."""
        rows = _rows(schemes)
        sizes = rows @ self.coefficients
        relative = rows / sizes[:, np.newaxis]
        leverage = np.einsum("ij,jk,ik->i", relative, self.covariance, relative)
        quantile = student_t.ppf((1 + confidence) / 2, self.measured - N_COEFFICIENTS)
        reach = sizes * quantile * self.relative_error * np.sqrt(1 + leverage)
        columns = {
            "bytes_per_document": sizes,
            "bytes_low": sizes - reach,
            "bytes_high": sizes + reach,
        }
        return pd.DataFrame(columns, index=schemes.index)

    def describe(self) -> dict[str, Any]:
        """As plain values, for the manifest."""
        return {
            **dict(zip(_NAMES, self.coefficients.tolist(), strict=True)),
            "relative_error": self.relative_error,
            "measured": self.measured,
        }


def _rows(schemes: pd.DataFrame) -> NDArray[np.float64]:
    values = schemes[list(PREDICTORS)].to_numpy(dtype=np.float64)
    return np.concatenate([np.ones((len(values), 1)), values], axis=1)
