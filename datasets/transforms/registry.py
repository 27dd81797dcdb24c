"""Transforms by their id."""

import re
from collections.abc import Mapping
from typing import Any

from datasets.errors import TransformError
from datasets.transforms.base import Family, Transform
from datasets.transforms.table import FAMILIES

_FAMILY = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")
_ID = re.compile(rf"(?P<family>{_FAMILY.pattern})(-(?P<strength>\d+(\.\d+)?))?", re.ASCII)
_REGISTRY = {row.family: row for row in FAMILIES}


def register_transform(family: Family) -> None:
    """Add a family, whose transforms can then be named by their ids.

    Parameters
    ----------
    family : Family
        A row such as those of `datasets.transforms.table`.

    Raises
    ------
    TransformError
        If the name is taken by another family, or is no name that an id can start with.
    """
    if not _FAMILY.fullmatch(family.family):
        raise TransformError(
            f"family {family.family!r} must be words of lower-case letters and digits, joined by"
            " hyphens, each starting with a letter"
        )
    taken = _REGISTRY.setdefault(family.family, family)
    if taken != family:
        raise TransformError(
            f"family {family.family!r} is taken by {taken.edit.__name__} of"
            f" {taken.edit.__module__}; another edit needs another name"
        )


def transform_families() -> dict[str, Family]:
    """All registered families by name, in the order of registration."""
    return dict(_REGISTRY)


def get_transform(id_or_config: str | Mapping[str, Any]) -> Transform:
    """Build a transform from its id or its config.

    Parameters
    ----------
    id_or_config : str or mapping
        An id such as ``"jpeg-30"`` or ``"grey"``, or ``{"family": …, "strength": …}``.

    Returns
    -------
    Transform

    Raises
    ------
    TransformError
        If the family is unknown, or the strength is missing, superfluous or out of range.

    Examples
    --------
    >>> from datasets.transforms import get_transform
    >>> get_transform("jpeg-30")
    <Transform jpeg-30>
    >>> get_transform({"family": "noise", "strength": 0.05}).id
    'noise-0.05'
    """
    if not isinstance(id_or_config, str | Mapping):
        raise TransformError(f"a transform is an id or a config, not {id_or_config!r}")
    try:
        config = _parse(id_or_config) if isinstance(id_or_config, str) else id_or_config
        return _family(config.get("family")).from_config(config)
    except TransformError as error:
        raise TransformError(
            f"transform {id_or_config!r}: {error}. Known are {', '.join(map(_usage, _REGISTRY))}"
        ) from error


def _family(name: object) -> Family:
    if not isinstance(name, str) or name not in _REGISTRY:
        raise TransformError("there is no such family")
    return _REGISTRY[name]


def _parse(transform_id: str) -> dict[str, Any]:
    match = _ID.fullmatch(transform_id)
    if match is None:
        raise TransformError("an id is a family, or a family, a hyphen and a number")
    strength = match["strength"]
    config: dict[str, Any] = {"family": match["family"]}
    return config if strength is None else {**config, "strength": float(strength)}


def _usage(family: str) -> str:
    low, high = _REGISTRY[family].limits
    return f"{family}-{low:g}..{high:g}" if _REGISTRY[family].takes_strength else family
