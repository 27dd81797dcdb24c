"""Transforms: seeded edits of pictures, one file a family, by id in one registry."""

from datasets.transforms.base import Transform
from datasets.transforms.blur import Blur
from datasets.transforms.brightness import Brightness
from datasets.transforms.contrast import Contrast
from datasets.transforms.crop import Crop
from datasets.transforms.fixed import FixedTransform
from datasets.transforms.gamma import Gamma
from datasets.transforms.grey import Grey
from datasets.transforms.identity import Identity
from datasets.transforms.jpeg import Jpeg
from datasets.transforms.mirror import Mirror
from datasets.transforms.noise import Noise
from datasets.transforms.pad import Pad
from datasets.transforms.registry import get_transform, register_transform, transform_families
from datasets.transforms.resize import Resize
from datasets.transforms.rotate import Rotate
from datasets.transforms.sets import transform_set, transform_set_names
from datasets.transforms.text import Text

__all__ = [
    "Blur",
    "Brightness",
    "Contrast",
    "Crop",
    "FixedTransform",
    "Gamma",
    "Grey",
    "Identity",
    "Jpeg",
    "Mirror",
    "Noise",
    "Pad",
    "Resize",
    "Rotate",
    "Text",
    "Transform",
    "get_transform",
    "register_transform",
    "transform_families",
    "transform_set",
    "transform_set_names",
]

for _transform in (
    Identity,
    Jpeg,
    Resize,
    Crop,
    Pad,
    Rotate,
    Mirror,
    Blur,
    Noise,
    Gamma,
    Contrast,
    Brightness,
    Grey,
    Text,
):
    register_transform(_transform)
