"""From a sweep's config to the schemes that can be, and those that cannot with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any

import pandas as pd

from bench.index.variant import Variant
from bench.kinds.sweep.config import Sweep
from bench.runs.canonical import short_hash
from bench.runs.errors import ExperimentError
from imgsig import ConfigError, WordScheme

#: Parameters of a scheme, in the order of the tables.
PARAMETERS = ("N", "k", "alphabet", "spacing", "strip")


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


def scheme_name(scheme: WordScheme) -> str:
    """A short name: N × k, and what is not the reference's.

    Examples
    --------
    >>> scheme_name(WordScheme())
    '63x16'
    >>> scheme_name(WordScheme(N=17, k=16, alphabet="quinary", spacing="disjoint", strip="half"))
    '17x16-quinary-disjoint-half'
    """
    parts = [f"{scheme.N}x{scheme.k}"]
    if scheme.alphabet != "ternary":
        parts.append(scheme.alphabet)
    if not isinstance(scheme.spacing, str):
        parts.append(f"chosen{short_hash(list(scheme.spacing))}")
    elif scheme.spacing != "even":
        parts.append(scheme.spacing)
    if scheme.strip != "none":
        parts.append(scheme.strip)
    return "-".join(parts)


def parameters(scheme: WordScheme) -> dict[str, Any]:
    """The columns `PARAMETERS` of a scheme; chosen positions are ``chosen``."""
    spacing = scheme.spacing if isinstance(scheme.spacing, str) else "chosen"
    row = (scheme.N, scheme.k, scheme.alphabet, spacing, scheme.strip)
    return dict(zip(PARAMETERS, row, strict=True))


def scheme_variant(
    scheme: WordScheme, layout: str, codec: Mapping[str, Any] = MappingProxyType({"id": "none"})
) -> Variant:
    """The variant that indexes a scheme's words in a layout; by default without the signature.

    Raises
    ------
    ExperimentError
        If the layout cannot hold them.
    """
    words = {key: value for key, value in scheme.get_config().items() if key not in ("N", "k")}
    return Variant(N=scheme.N, k=scheme.k, codec=codec, layout=layout, words=words)


def expand(sweep: Sweep) -> SchemeGrid:
    """Expand a sweep's grid.

    Parameters
    ----------
    sweep : Sweep
        The config.

    Returns
    -------
    SchemeGrid

    Raises
    ------
    ExperimentError
        If the reference or a scheme that is always in is impossible, or a layout unknown.
    """
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
