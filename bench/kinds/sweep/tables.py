"""Tables of a sweep, one Parquet file each.

``sweep``
    One row a variant, ranking and measure: parameters, value with interval, paired difference to
    the reference, and the size of what the ranking needs, see `bench.kinds.sweep.tables`:
    ``layout, bytes_per_document, bytes_low, bytes_high, size_source``. The source is ``measured``
    or ``predicted``, with its prediction interval.
``sizes``
    One row a variant and layout: the size of the words, without a signature. A layout of which too
    few were indexed to model its sizes has rows of those only.
``size_test``
    One row a held-out variant and layout: measured size, and what a model fitted to the others
    predicts.
``confirmed``
    One row an index of which the engine confirmed every hit, see `bench.kinds.sweep.measure`.
``by_cutoff``
    Recall and wrong pairs at each cutoff, see `bench.kinds.sweep.by_cutoff`.
``wrong_pairs``
    One row a variant and score: how many wrong query–document pairs have it.
``left_out``
    Combinations that are impossible, with the reason.
``pareto``
    Rows of ``sweep`` that no other variant beats, one front a ranking and measure; ``overall``
    tells those that no other ranking beats either.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from bench.evaluate.measures import THRESHOLD
from bench.kinds.sweep.by_cutoff import by_cutoff_table
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import SchemeGrid, hold_out, raw_bits
from bench.kinds.sweep.simulate import quality_table, wrong_pairs_table
from bench.sizes.size_model import N_COEFFICIENTS, SIZE, SizeModel
from imgsig.layouts import get_layout


def make_tables(
    sweep: Sweep,
    grid: SchemeGrid,
    simulated: Mapping[str, Mapping[str, Any]],
    confirmed: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Make all tables of a sweep."""
    live = pd.DataFrame(list(confirmed))
    schemes = _predictors(grid, simulated)
    confidence = sweep.evaluation.confidence
    sizes, tests, models = [], [], {}
    for sample in sweep.live.samples:
        own = (live["layout"] == sample.layout) & (live["codec"] == "none")
        measured = live[own].merge(schemes)
        size = measured["bytes_per_document"]
        known: Any = {"bytes_low": size, "bytes_high": size, "size_source": "measured"}
        sizes.append(measured[["variant", "layout", "bytes_per_document"]].assign(**known))
        held_out = measured["variant"].isin(hold_out([*measured["variant"]], sweep.live.held_out))
        few = (~held_out).sum() <= N_COEFFICIENTS
        if few and sample is not sweep.live.samples[0]:
            continue  # measured sizes only: too few to predict others and to test that
        tests.append(_tested(measured[~held_out], measured[held_out], confidence))
        model = SizeModel.fit(measured, size)
        models[sample.layout] = model.describe()
        others = schemes[~schemes["variant"].isin(measured["variant"])]
        of: Any = {"variant": others["variant"], "layout": sample.layout}
        sizes.append(model.predict(others, confidence).assign(size_source="predicted", **of))
    size_table = pd.concat(sizes, ignore_index=True)[["variant", *SIZE]]
    reference = grid.required[0]
    signature = signature_bytes(sweep, reference, confirmed)
    points = quality_table(grid.schemes, simulated).merge(
        sizes_by_ranking(sweep, size_table, reference, signature),
        on=["variant", "ranking"],
        how="left",
        validate="many_to_one",
    )
    points["size_source"] = points["size_source"].fillna("none")
    tables = {
        "sweep": points,
        "sizes": size_table,
        "size_test": pd.concat(tests, ignore_index=True),
        "confirmed": live,
        "by_cutoff": by_cutoff_table({name: simulated[name]["by_cutoff"] for name in grid.schemes}),
        "wrong_pairs": wrong_pairs_table(grid.schemes, simulated),
        "left_out": grid.left_out,
        "pareto": pareto_table(points),
    }
    return tables, models


def _predictors(grid: SchemeGrid, simulated: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """One row a scheme: what its size is predicted from."""
    return pd.DataFrame(
        {
            "variant": name,
            "N": scheme.N,
            "leaf_bytes": simulated[name]["leaf_bytes"],
            "raw_bits": raw_bits(scheme),
        }
        for name, scheme in grid.schemes.items()
    )


def _tested(fitted: pd.DataFrame, held_out: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """What a model of some sizes says of others that were measured too."""
    model = SizeModel.fit(fitted, fitted["bytes_per_document"])
    renamed = {"bytes_per_document": "predicted"}
    predicted = model.predict(held_out, confidence).rename(columns=renamed)
    measured = held_out["bytes_per_document"]
    return pd.concat([held_out[["variant", "layout"]], predicted], axis=1).assign(
        measured=measured, relative_error=predicted["predicted"] / measured - 1
    )


def pareto_front(bytes_per_document: ArrayLike, quality: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points are on the front of few bytes and high quality.

    On the front is a point if no other has at most the bytes and at least the quality, and differs
    in one. Of equal points all are on the front; points where either is NaN are on none.
    """
    sizes = np.asarray(bytes_per_document, dtype=np.float64)
    gains = np.asarray(quality, dtype=np.float64)
    front = np.zeros(len(sizes), dtype=np.bool_)
    defined = np.flatnonzero(~np.isnan(sizes) & ~np.isnan(gains))
    best, at_size = -np.inf, np.nan
    for point in defined[np.lexsort((-gains[defined], sizes[defined]))].tolist():
        # Ascending bytes, best first among equals: it must beat all before, or equal the last.
        if gains[point] > best or (gains[point] == best and sizes[point] == at_size):
            front[point] = True
            best, at_size = gains[point], sizes[point]
    return front


def pareto_table(sweep: pd.DataFrame) -> pd.DataFrame:
    """The rows of the table ``sweep`` that are on a front, one front a ranking and measure.

    Thresholds are no quality and have no front. ``overall`` says whether a row is on the front of
    all rankings together.
    """
    measured = sweep[~sweep["measure"].str.startswith(THRESHOLD.of(""))]
    measured = measured.assign(overall=False)
    for _, rows in measured.groupby("measure", sort=False):
        front = pareto_front(rows["bytes_per_document"], rows["value"])
        measured.loc[rows.index, "overall"] = front
    parts = [
        rows[pareto_front(rows["bytes_per_document"], rows["value"])]
        for _, rows in measured.groupby(["ranking", "measure"], sort=False)
    ]
    order = ["bytes_per_document", "variant"]
    return pd.concat([part.sort_values(order) for part in parts], ignore_index=True)


def signature_bytes(sweep: Sweep, reference: str, confirmed: Sequence[Mapping[str, Any]]) -> float:
    """Bytes a document that a stored signature takes, measured on the reference.

    NaN where distance does not rank.
    """
    layout = sweep.live.samples[0].layout
    sizes = {
        row["codec"]: float(row["bytes_per_document"])
        for row in confirmed
        if (row["variant"], row["layout"]) == (reference, layout)
    }
    return sizes.get(sweep.live.signature.id, float("nan")) - sizes["none"]


def sizes_by_ranking(
    sweep: Sweep, sizes: pd.DataFrame, reference: str, signature: float
) -> pd.DataFrame:
    """Sizes of what each ranking needs.

    ``score`` needs the words, in the first layout; ``distance`` a signature beside them; and
    ``sign_distance`` words that hits can return, in the first layout that keeps such. Where there
    is none it has no size.
    """
    layouts = [sample.layout for sample in sweep.live.samples]
    first = sizes[sizes["layout"] == layouts[0]]
    parts = [first.assign(ranking="score")]
    with_signature = first.assign(ranking="distance")
    for column in ("bytes_per_document", "bytes_low", "bytes_high"):
        with_signature[column] += signature
    # The sum of two measured sizes is no measured one, but for the reference's own index.
    is_summed = with_signature["variant"] != reference
    parts.append(
        with_signature.assign(size_source=first["size_source"].mask(is_summed, "predicted"))
    )
    readable = [layout for layout in layouts if get_layout(layout).source == "full"]
    if readable:
        parts.append(sizes[sizes["layout"] == readable[0]].assign(ranking="sign_distance"))
    table = pd.concat(parts, ignore_index=True)
    return table[["variant", "ranking", *SIZE]]
