"""Named sets of transforms."""

from collections.abc import Iterable, Mapping
from typing import Any

from datasets.errors import TransformError
from datasets.transforms.base import Transform
from datasets.transforms.registry import get_transform

_SETS: dict[str, tuple[str, ...]] = {
    # What a picture meets on the web, from what nobody sees to what anybody sees.
    "quick": (
        "jpeg-75",
        "jpeg-30",
        "jpeg-10",
        "resize-50",
        "crop-10",
        "crop-30",
        "pad-10",
        "rotate-2",
        "blur-2",
        "noise-0.05",
        "gamma-2",
        "text",
    ),
}


def transform_set_names() -> list[str]:
    """Names of all sets."""
    return list(_SETS)


def transform_set(name_or_list: str | Iterable[str | Mapping[str, Any]]) -> list[Transform]:
    """Transforms of a named set, or those that a list names.

    Parameters
    ----------
    name_or_list : str or iterable of str or mapping
        The name of a set, or ids or configs as `get_transform` takes them.

    Returns
    -------
    list of Transform
        In the order given.

    Raises
    ------
    TransformError
        If there is no such set, the list is empty, or a transform is unknown or named twice.

    Examples
    --------
    >>> from datasets.transforms import transform_set
    >>> [transform.id for transform in transform_set(["jpeg-30", "grey"])]
    ['jpeg-30', 'grey']
    """
    if isinstance(name_or_list, str):
        if name_or_list not in _SETS:
            raise TransformError(
                f"there is no set of transforms called {name_or_list!r}; the sets are"
                f" {', '.join(_SETS)}. Transforms by their ids are given as a list"
            )
        name_or_list = _SETS[name_or_list]
    transforms = [get_transform(each) for each in name_or_list]
    if not transforms:
        raise TransformError("a set of transforms needs at least one transform; the list is empty")
    ids = [transform.id for transform in transforms]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise TransformError(f"named more than once: {', '.join(twice)}; name each transform once")
    return transforms
