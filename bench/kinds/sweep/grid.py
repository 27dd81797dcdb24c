"""From a sweep's config to the schemes that can be, and those that cannot with the reason."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.index.variant import PARAMETERS, Variant, parameters, scheme_name, scheme_variant
from bench.kinds.sweep.config import Sweep
from bench.runs.errors import ExperimentError
from bench.sizes.size_model import N_COEFFICIENTS
from imgsig import ConfigError, WordScheme


@dataclass(frozen=True)
class SchemeGrid:
    """What a sweep is about.

    Schemes are there once each, by name: the reference, those that are always in, then the grid in
    its order; the first two are `required`. `left_out` has the combinations of the grid that are
    impossible: their parameters and ``reason``.
    """

    reference: WordScheme
    schemes: dict[str, WordScheme]
    required: tuple[str, ...]
    left_out: pd.DataFrame


def expand(sweep: Sweep) -> SchemeGrid:
    """Expand a sweep's grid."""
    layouts = [sample.layout for sample in sweep.live.samples]
    schemes: dict[str, WordScheme] = {}
    for wanted in (sweep.reference, *sweep.always):
        try:
            scheme = wanted.build()
        except ConfigError as error:
            raise ExperimentError(f"{wanted!r} is impossible: {error}") from error
        for layout in layouts:
            scheme_variant(scheme, layout)
        schemes.setdefault(scheme_name(scheme), scheme)
    required = tuple(schemes)
    left_out: dict[tuple[Any, ...], str] = {}
    for point in _points(sweep):
        try:
            scheme = WordScheme.from_config(dict(zip(PARAMETERS, point, strict=True)))
            scheme_variant(scheme, layouts[0])
        except (ConfigError, ExperimentError) as error:
            left_out.setdefault(point, str(error))
        else:
            schemes.setdefault(scheme_name(scheme), scheme)
    table = pd.DataFrame(
        [(*point, reason) for point, reason in left_out.items()], columns=[*PARAMETERS, "reason"]
    )
    return SchemeGrid(sweep.reference.build(), schemes, required, table)


def _points(sweep: Sweep) -> Iterator[tuple[Any, ...]]:
    for block in sweep.grid:
        axes = [getattr(block, parameter) for parameter in PARAMETERS]
        yield from product(*axes)


#: How far apart two alphabets, spacings or strips are; the whole range of N, or of k, is 1.
_CATEGORY = 0.5


def choose_sample(
    schemes: Mapping[str, WordScheme], required: Sequence[str], count: int
) -> list[str]:
    """Choose schemes that are far from each other.

    Beginning with those required, each next one is the scheme farthest from all that are chosen
    (Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985), by the logarithm
    of N, by k, and by alphabet, spacing and strip.

    >>> schemes = {str(N): WordScheme(N=N, k=8) for N in (8, 16, 32, 64, 128)}
    >>> choose_sample(schemes, ["32"], 3)
    ['32', '8', '128']
    """
    names = list(schemes)
    places = _places(schemes)
    chosen = list(dict.fromkeys(required))
    apart = np.full(len(names), np.inf)
    for name in chosen:
        apart = np.minimum(apart, _distances(places, names.index(name)))
    while len(chosen) < min(count, len(names)):
        # Without any chosen yet all are equally far, and the first is taken.
        farthest = int(np.argmax(apart))
        chosen.append(names[farthest])
        apart = np.minimum(apart, _distances(places, farthest))
    return chosen


def sampled(sweep: Sweep, grid: SchemeGrid) -> list[tuple[str, Variant]]:
    """The schemes that are indexed, by name, in the layout of each sample."""
    return [
        (name, scheme_variant(grid.schemes[name], sample.layout))
        for sample in sweep.live.samples
        for name in choose_sample(grid.schemes, grid.required, sample.schemes)
    ]


def check_sample(sweep: Sweep, grid: SchemeGrid) -> None:
    """Refuse a grid of which no sample tells sizes by word count, length and postings."""
    names = choose_sample(grid.schemes, grid.required, sweep.live.samples[0].schemes)
    kept = len(names) - int(len(names) * sweep.live.held_out)
    if kept <= N_COEFFICIENTS:
        raise ExperimentError(
            f"grid: {len(names)} ways of taking words are too few: without those held out "
            f"({sweep.live.held_out:g}) more than {N_COEFFICIENTS} are needed to model sizes"
        )
    known = [(1, one.N, raw_bits(one)) for one in map(grid.schemes.__getitem__, names)]
    if np.linalg.matrix_rank(np.array(known)) < len(known[0]):
        raise ExperimentError(
            "grid: word counts and lengths must both take several values, or what each of them "
            "adds to an index cannot be told; give N and k two values or more each"
        )


def raw_bits(scheme: WordScheme) -> float:
    """Bits of a picture's words."""
    return scheme.N * scheme.k * math.log2(scheme.base)


def hold_out(chosen: Sequence[str], share: float) -> list[str]:
    """Choose the part of a sample that a model is tested on, evenly over its order."""
    count = int(len(chosen) * share)
    return [chosen[math.floor((i + 0.5) * len(chosen) / count)] for i in range(count)]


def _places(schemes: Mapping[str, WordScheme]) -> NDArray[np.float64]:
    rows = [parameters(scheme) for scheme in schemes.values()]
    sizes = np.array([[math.log2(row["N"]), row["k"]] for row in rows], dtype=np.float64)
    span = np.ptp(sizes, axis=0)
    axes = [sizes / np.where(span > 0, span, 1)]
    for name in ("alphabet", "spacing", "strip"):
        kinds = sorted({row[name] for row in rows})
        # One axis a kind, so that any two differ by the same: the root of twice the square.
        axes.append(
            np.array([[row[name] == kind for kind in kinds] for row in rows])
            * (_CATEGORY / math.sqrt(2))
        )
    return np.concatenate(axes, axis=1)


def _distances(places: NDArray[np.float64], one: int) -> NDArray[np.float64]:
    distances: NDArray[np.float64] = np.linalg.norm(places - places[one], axis=1)
    return distances
