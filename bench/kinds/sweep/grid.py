"""From a sweep's config to the schemes that can be, and those that cannot with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from bench.index.variant import PARAMETERS, scheme_name, scheme_variant
from bench.kinds.sweep.config import Sweep
from bench.runs.errors import ExperimentError
from imgsig import ConfigError, WordScheme


@dataclass(frozen=True)
class SchemeGrid:
    """What a sweep is about.

    Parameters
    ----------
    reference : WordScheme
        What the others are compared with.
    schemes : dict of str to WordScheme
        By name, each once: the reference, those that are always in, then the grid in its order.
    required : tuple of str
        Names of the reference and of those that are always in.
    left_out : DataFrame
        Combinations of the grid that are impossible: their parameters and ``reason``.
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
