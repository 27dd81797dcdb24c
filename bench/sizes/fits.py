"""Fits of measured sizes, each tested on the largest, as a table."""

from typing import Any

import pandas as pd

from bench.sizes.fit import MODELS, Predicted, SizeFit, fit_sizes, supported_models

TERMS = MODELS["full"]


def fits_table(sizes: pd.DataFrame, confidence: float) -> tuple[pd.DataFrame, dict[str, SizeFit]]:
    """Fit every model that the sizes support, and test each on the largest size.

    Parameters
    ----------
    sizes : DataFrame
        Of a scale run's table ``sizes``.

    Returns
    -------
    fits : DataFrame
        One row a variant and model: its terms with intervals, fitted to all sizes; and what the
        same model, fitted to all but the largest size (from the ``smallest`` on), predicted for it:
        ``held_out`` (documents), ``measured``, ``predicted``, ``predicted_low``,
        ``predicted_high`` (prediction interval), ``error`` (relative) and ``inside``. NaN, and not
        inside, where too few sizes are left to test it.
    best : dict
        Of each variant, the fit with the most terms, to all sizes.
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
            row |= {"residual": fit.residual, "smallest": documents[0]}
            row |= {"held_out": documents[-1]}
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
