"""Transforms: seeded edits of pictures, a function and a row of `table` each."""

from datasets.transforms.base import Family, Transform
from datasets.transforms.registry import (
    get_transform,
    register_transform,
    transform_families,
    transform_set,
    transform_set_names,
)

__all__ = [
    "Family",
    "Transform",
    "get_transform",
    "register_transform",
    "transform_families",
    "transform_set",
    "transform_set_names",
]
