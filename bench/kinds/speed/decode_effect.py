"""What the fast decode changes: signatures and words beside the exact ones, by photograph."""

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
from PIL import Image

from datasets import Collection
from datasets.collection import opened, to_plain
from datasets.parallel import in_parallel
from imgsig import generate_signature, get_words, normalized_distance
from imgsig.reduced import ask_for_less

#: Quality at which photographs that are no JPEG are encoded, so that they can be reduced too.
QUALITY = 90


def decode_effect(
    collection: Collection,
    k: int = 16,
    N: int = 63,
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Compare the fast with the exact signature of every photograph of a collection.

    Photographs that are no JPEG files are encoded as JPEG first; both decodes see the same file.
    One row a photograph: ``recoded`` (was no JPEG), ``shorter_side`` in pixels, ``factor`` (pixels
    of each direction that become one; 1 where the picture is too small to be reduced), ``distance``
    of the two signatures, and the shares of words, values and signs that are equal.
    """
    jobs = [(collection, photo.id, k, N) for photo in collection.photographs]
    rows = []
    for row in in_parallel(_compare, jobs):
        rows.append(row)
        advance(1)
    return pd.DataFrame(rows)


def summary(effect: pd.DataFrame) -> pd.DataFrame:
    """Distribution of what the fast decode changes, by how far pictures were reduced, and of all.

    Median, 90 % quantile and maximum of ``distance``; mean and minimum of ``equal_words``;
    ``all_words`` is the share of photographs with every word equal.
    """
    reduced = effect[effect["factor"] > 1]
    groups = [(f"1/{factor}", rows) for factor, rows in effect.groupby("factor") if factor != 1]
    return pd.DataFrame([_row(name, rows) for name, rows in [*groups, ("all reduced", reduced)]])


def _row(name: str, rows: pd.DataFrame) -> dict[str, object]:
    return {
        "size": name,
        "photographs": len(rows),
        "distance_median": rows["distance"].median(),
        "distance_90": rows["distance"].quantile(0.9),
        "distance_max": rows["distance"].max(),
        "equal_words": rows["equal_words"].mean(),
        "equal_words_min": rows["equal_words"].min(),
        "all_words": (rows["equal_words"] == 1).mean(),
        "equal_values": rows["equal_values"].mean(),
        "equal_signs": rows["equal_signs"].mean(),
    }


def _compare(collection: Collection, photo: str, k: int, N: int) -> dict[str, object]:
    data, recoded = as_jpeg(collection.read_bytes(photo))
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    exact, fast = generate_signature(data), generate_signature(data, decode="fast")
    return {
        "photo": photo,
        "recoded": recoded,
        "megapixels": width * height / 1e6,
        "shorter_side": min(width, height),
        "factor": reduction_factor(data),
        "distance": float(normalized_distance(exact[np.newaxis], fast)[0]),
        "equal_words": float((get_words(exact, k, N) == get_words(fast, k, N)).mean()),
        "equal_values": float((exact == fast).mean()),
        "equal_signs": float((np.sign(exact) == np.sign(fast)).mean()),
    }


def as_jpeg(data: bytes) -> tuple[bytes, bool]:
    """A picture file as JPEG, and whether it had to be encoded to be one."""
    with opened(data) as picture:
        if picture.format == "JPEG":
            return data, False
        return jpeg_bytes(to_plain(picture)), True


def jpeg_bytes(picture: Image.Image) -> bytes:
    """A picture of mode ``L`` or ``RGB`` as JPEG of `QUALITY`."""
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=QUALITY)
    return buffer.getvalue()


def reduction_factor(data: bytes) -> int:
    """Pixels of each direction that become one in the fast mode; 1 where nothing is reduced."""
    with Image.open(io.BytesIO(data)) as picture:
        reduction = ask_for_less(picture)
    return reduction.factor if reduction else 1
