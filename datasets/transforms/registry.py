"""Transforms by their id, and sets of them by name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from datasets.errors import TransformError
from datasets.transforms.base import Family, Transform
from datasets.transforms.table import FAMILIES, SETS

_FAMILY = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")
_ID = re.compile(rf"(?P<family>{_FAMILY.pattern})(-(?P<strength>\d+(\.\d+)?))?", re.ASCII)
_REGISTRY = {row.family: row for row in FAMILIES}


def register_transform(family: Family) -> None:
    """Add a family, a row as in `datasets.transforms.table`, whose transforms then have ids.

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
            f"family {family.family!r} already belongs to {taken.edit.__name__} of "
            f"{taken.edit.__module__}; choose another name"
        )


def transform_families() -> dict[str, Family]:
    """All registered families by name, in the order of registration."""
    return dict(_REGISTRY)


def get_transform(id_or_config: str | Mapping[str, Any]) -> Transform:
    """Build a transform from its id or its config.

    An id is ``"jpeg-30"`` or ``"grey"``, a config ``{"family": …, "strength": …}``.
    `TransformError` if the family is unknown, or the strength missing, superfluous or out of range.

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


def transform_set_names() -> list[str]:
    """Names of all sets."""
    return list(SETS)


def transform_set(name_or_list: str | Iterable[str | Mapping[str, Any]]) -> list[Transform]:
    """Transforms of a named set, or those that a list of ids or configs names, in its order.

    `TransformError` if there is no such set, the list is empty, or a transform is unknown or named
    twice.

    >>> from datasets.transforms import transform_set
    >>> [transform.id for transform in transform_set(["jpeg-30", "grey"])]
    ['jpeg-30', 'grey']
    """
    if isinstance(name_or_list, str):
        if name_or_list not in SETS:
            raise TransformError(
                f"there is no set of transforms named {name_or_list!r}; the sets are"
                f" {', '.join(SETS)}. Transforms by their ids are given as a list"
            )
        name_or_list = SETS[name_or_list]
    elif not isinstance(name_or_list, Iterable):
        raise TransformError(f"transforms are the name of a set or a list, not {name_or_list!r}")
    transforms = [get_transform(each) for each in name_or_list]
    if not transforms:
        raise TransformError("a set of transforms needs at least one transform; the list is empty")
    ids = [transform.id for transform in transforms]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise TransformError(f"named more than once: {', '.join(twice)}; name each transform once")
    return transforms
