"""What perception's own benchmark says of hashes: recall at 99.99 % precision by transform.

As its ``compute_threshold_precision_recall`` has it: each original, edited, is compared with all
originals. The threshold is the largest at which, from the nearest on, right answers are at least
99.99 % of all that are as near; right is its own original, and wrong the nearest of the others.

``perception_distances``
    One row a hash, transform and photograph: how many bits differ from its own original
    (``correct``) and from the nearest of the others (``incorrect``).
``perception``
    One row a hash and transform: ``recall``, the ``threshold`` (−1 where there is none), and what
    perception has published of it, NaN where it has not.

https://github.com/thorn-oss/perception, version 0.9.3, ``benchmarking/common.py``
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import default_rng
from numpy.typing import NDArray
from PIL import Image

from bench.kinds.hashes.config import Perception
from bench.kinds.hashes.hashing import OWN_TOOL, Job, Pool, Row
from bench.peers.hashes import Hash
from bench.runs.errors import ExperimentError
from bench.search.exact.bits import nearness, packed
from datasets import Collection, open_collection
from datasets.transforms import transform_set
from imgsig.strips import get_strip

#: The transforms, and the precision.
SET, PRECISION = "perception-v0", 0.9999
#: Pixels of the longer side at most, as the published figures have it.
LONGEST = 256
#: What is ours.
OURS = "272 bits"
#: Recall that was published for PDQ and pHash, by our names of the transforms. That of rotation is
#: of photographs alone.
PUBLISHED = {
    ("PDQ", "trim-5"): 0.090,
    ("pHash", "trim-5"): 0.071,
    ("PDQ", "letterbox-20"): 0.013,
    ("pHash", "letterbox-20"): 0.024,
    ("PDQ", "grey-noise-0.2"): 0.992,
    ("pHash", "grey-noise-0.2"): 0.999,
    ("PDQ", "rotate-4"): 0.734,
    ("pHash", "rotate-4"): 0.898,
}


def photographs(settings: Perception) -> tuple[Collection, list[str]]:
    """One photograph of each scene of a stratum: none is like another by right."""
    collection = open_collection(settings.collection, ())
    queries = {pair.query for pair in collection.pairs}
    first: dict[str, str] = {}
    for photo in collection.photographs:
        if photo.id not in queries and collection.stratum(photo.id) == settings.stratum:
            first.setdefault(photo.group, photo.id)
    if not first:
        strata = sorted({collection.stratum(photo.id) for photo in collection.photographs})
        raise ExperimentError(
            f"perception: {settings.collection} has no photograph of stratum {settings.stratum!r} "
            f"but queries of pairs; name one of its strata, {', '.join(map(repr, strata))}"
        )
    return collection, list(first.values())[: settings.photographs]


def closest(
    pool: Pool,
    collection: Collection,
    photos: Sequence[str],
    hashes: Sequence[Hash],
    advance: Callable[[int], object],
) -> pd.DataFrame:
    """Hash every photograph under every transform: the table ``perception_distances``."""
    transforms = transform_set(SET)

    def made(place: int, photo: str) -> Iterator[tuple[Row, Image.Image]]:
        picture = collection.open(photo)
        picture.thumbnail((LONGEST, LONGEST))
        yield {"transform": "", "picture": place}, picture
        for number, transform in enumerate(transforms):
            edited = transform(picture, default_rng([place, number]))
            yield {"transform": transform.id, "picture": place}, edited

    jobs: Iterator[Job] = ((photo, made(place, photo)) for place, photo in enumerate(photos))
    tools = {OURS: OWN_TOOL} | {one.name: one.tool for one in hashes}
    rows: list[Row] = []
    for own in pool.rows(jobs, tools):
        rows += own
        advance(1)
    table = pd.DataFrame(rows)
    parts = []
    for name in tools:
        bits = {key: _bits(own[name]) for key, own in table.groupby("transform", sort=False)}
        originals, count = packed(bits[""]), bits[""].shape[1]
        for transform in transforms:
            alike = np.stack(list(nearness(originals, packed(bits[transform.id]), count)))
            apart = count + 1 - alike
            correct = apart.diagonal().copy()
            np.fill_diagonal(apart, count + 1)
            parts.append(
                pd.DataFrame(
                    {
                        "source": name,
                        "transform": transform.id,
                        "picture": np.arange(len(photos)),
                        "correct": correct,
                        "incorrect": apart.min(axis=1),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _bits(values: "pd.Series[Any]") -> NDArray[np.bool_]:
    """Bits of hashes in hexadecimal digits, or of signatures: ``bool[m, bits]``."""
    if isinstance(values.iloc[0], str):
        whole = np.frombuffer(bytes.fromhex("".join(values)), dtype=np.uint8)
        return np.unpackbits(whole.reshape(len(values), -1), axis=1).astype(np.bool_)
    return np.asarray(np.stack([*values])[:, get_strip("half").kept] >= 0)


def recall_at(
    correct: NDArray[np.int64], incorrect: NDArray[np.int64], precision: float
) -> tuple[float, int]:
    """Recall at a precision, and the largest distance that counts, −1 where none does.

    Distances of edited pictures from their own original and from the nearest of the others.
    """
    order = correct.argsort(kind="stable")
    near, wrong = correct[order], np.sort(incorrect)
    right = np.arange(1, len(near) + 1)
    reached = right / (right + np.searchsorted(wrong, near, side="right")) >= precision
    if reached.all():
        return 1.0, int(near[-1])
    first = int(np.argmin(reached))
    if not first:
        return 0.0, -1
    return float((near <= near[first - 1]).mean()), int(near[first - 1])


def recall_table(distances: pd.DataFrame) -> pd.DataFrame:
    """The table ``perception``."""
    rows = []
    for (name, transform), own in distances.groupby(["source", "transform"], sort=False):
        values = own["correct"].to_numpy(np.int64), own["incorrect"].to_numpy(np.int64)
        recall, threshold = recall_at(*values, PRECISION)
        published = PUBLISHED.get((str(name), str(transform)), float("nan"))
        row = {"source": name, "transform": transform, "pictures": len(own), "recall": recall}
        rows.append(row | {"threshold": threshold, "published": published})
    table = pd.DataFrame(rows)
    return table.assign(difference=table["recall"] - table["published"])
