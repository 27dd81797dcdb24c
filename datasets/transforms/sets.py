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
    # The qualities of the INRIA Copydays data set; see `files.copydays_jpeg`.
    "copydays-jpeg": tuple(
        f"copydays-jpeg-{quality}" for quality in (75, 50, 30, 20, 15, 10, 8, 5, 3)
    ),
    # Its shares of the surface cut off. That windows lie at random is ours.
    "copydays-crop": tuple(f"crop-{share}" for share in (10, 15, 20, 30, 40, 50, 60, 70, 80)),
    # After the kinds of its 229 strong copies: ours, and so named.
    "copydays-strong-like": (
        "print-scan-1",
        "print-scan-2",
        "paint-10",
        "paint-30",
        "blur-4",
        "blur-8",
        "perspective-20",
        "perspective-40",
    ),
    # noop, watermark, blur2, vignette, gamma2, jpeg95, pad0.2, crop0.05, noise0.2 and rotate4 of
    # the benchmarking example of perception (github.com/thorn-oss/perception), made again. Its
    # published figures are from before October 2024, of pictures shrunk to 256 pixels, by imgaug:
    # whose 95 is a degree of compression, about quality 7, where today's example says quality=95.
    "perception-v0": (
        "identity",
        "watermark-20",
        "blur-2",
        "vignette-1",
        "gamma-2",
        "jpeg-95",
        "letterbox-20",
        "trim-5",
        "grey-noise-0.2",
        "rotate-4",
    ),
    # What people and programs do to pictures that they pass on.
    "everyday": (
        "resize-50",
        "resize-150",
        "aspect-75",
        "aspect-133",
        "png",
        "webp-80",
        "avif-50",
        "gif",
        "grey",
        "contrast-0.6",
        "contrast-1.5",
        "brightness-0.7",
        "brightness-1.3",
        "saturation-0.4",
        "saturation-2",
        "hue-30",
        "sharpen-150",
        "text",
        "emoji-30",
        "logo-30",
        "border-5",
        "rounded-corners-20",
        "screenshot-25",
        "collage-2",
        "collage-4",
        "mirror",
        "rotate-1",
        "rotate-2",
        "rotate-5",
        "turn-90",
        "turn-180",
        "thumbnail-64",
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
    elif not isinstance(name_or_list, Iterable):
        raise TransformError(f"transforms are the name of a set or a list, not {name_or_list!r}")
    transforms = [get_transform(each) for each in name_or_list]
    if not transforms:
        raise TransformError("a set of transforms needs at least one transform; the list is empty")
    ids = [transform.id for transform in transforms]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise TransformError(f"named more than once: {', '.join(twice)}; name each transform once")
    return transforms
