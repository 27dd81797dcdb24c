"""The limit: how few bytes the held-out photographs' signatures take under each model."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.bootstrap import draw_groups, percentile_interval
from bench.kinds.codecs.crops import Crops
from bench.kinds.codecs.entropy import boosted, context_model, mixing, order_0, order_1, triangle
from bench.kinds.context_model import coded_values
from imgsig.codecs.context import Context
from imgsig.codecs.context_model import ContextModel, load_model

CONFIDENCE = 0.95
RESAMPLES = 2000
#: Held-out crops that are measured beside the whole photographs.
TEST_CROPS = 3000


def group_interval(
    values: NDArray[np.float64], groups: NDArray[np.str_], seed: int = 0
) -> tuple[float, float]:
    """Bootstrap interval of a mean, resampled by group.

    >>> group_interval(np.array([1.0, 1.0, 1.0]), np.array(["a", "a", "b"]))
    (1.0, 1.0)
    """
    _, index = np.unique(groups, return_inverse=True)
    sums, sizes = np.bincount(index, values), np.bincount(index)
    drawn = draw_groups(len(sizes), RESAMPLES, seed).astype(np.float64)
    return percentile_interval((drawn @ sums) / (drawn @ sizes), CONFIDENCE)


def held_out(crops: Crops, seed: int = 0) -> dict[str, NDArray[np.intp]]:
    """Rows of the held-out whole photographs, and of a sample of held-out crops."""
    whole = np.flatnonzero(crops.is_held_out & crops.is_whole)
    others = np.flatnonzero(crops.is_held_out & ~crops.is_whole)
    count = min(TEST_CROPS, len(others))
    return {"whole": whole, "crops": np.random.default_rng(seed).choice(others, count, False)}


Measure = Callable[[], pd.DataFrame]


def model_bits(crops: Crops, also: Mapping[str, ContextModel]) -> Iterator[Measure]:
    """What computes the bits that the held-out signatures take, model by model.

    Each gives one row a signature: ``model``, ``pictures`` (``whole``, ``crops``), ``group`` and
    ``bits``.
    """
    train = coded_values(crops.signatures[~crops.is_held_out])
    rows = {kind: row for kind, row in held_out(crops).items() if len(row)}
    row = np.concatenate(list(rows.values()))
    test = coded_values(crops.signatures[row])
    pictures = np.repeat(list(rows), [len(own) for own in rows.values()])
    shipped = load_model(Context.model_name)
    models: dict[str, Callable[[], NDArray[np.float64]]] = {
        "order-0": lambda: order_0(train, test),
        "order-1": lambda: order_1(train, test),
        "triangle table": lambda: triangle(train, test),
        "mixed tables": lambda: mixing(train, test),
        "boosted trees": lambda: boosted(train, test),
        "network (context)": lambda: context_model(shipped, test),
    }
    for name, further in also.items():
        models[name] = partial(context_model, further, test)
    of = {"pictures": pictures, "group": crops.group[row]}

    def rows_of(name: str, bits: Callable[[], NDArray[np.float64]]) -> pd.DataFrame:
        return pd.DataFrame({"model": name, **of, "bits": bits()})

    for name, bits in models.items():
        yield partial(rows_of, name, bits)


def limit_table(bits: pd.DataFrame) -> pd.DataFrame:
    """One row a model and kind of picture: mean bits and bytes, and the interval of the bytes."""
    records = []
    for (model, pictures), own in bits.groupby(["model", "pictures"], sort=False):
        mean = own["bits"].to_numpy().mean()
        low, high = group_interval(own["bits"].to_numpy() / 8, own["group"].to_numpy(dtype=str))
        records.append(
            {
                "model": model,
                "pictures": pictures,
                "n": len(own),
                "bits": mean,
                "bytes": mean / 8,
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(records)
