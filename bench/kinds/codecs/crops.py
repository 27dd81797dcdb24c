"""Signatures to train and to test on: whole photographs and random crops, split by group."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from rich.progress import track

from bench.runs.errors import MeasurementError
from bench.runs.folder import written_aside
from datasets import Collection, open_collection
from datasets.cache import cache_dir
from datasets.parallel import interrupts_held
from imgsig import CorruptImageError, Grid, generate_signature
from imgsig.image import grey_levels
from imgsig.strips import HalfStrip

#: Of 5 groups of photographs, as many are held out.
HELD_OUT_OF_5 = 2
#: Photographs are shrunk by a whole factor to about this many pixels before they are cropped.
LONG_SIDE = 1200
SHORTEST_CROP = 100
#: Signatures with fewer values that are not 0 are of nearly featureless crops.
MIN_NONZERO = 0.05


@dataclass(frozen=True)
class Crops:
    """Signatures of a collection's photographs and of crops of them.

    ``int8[m, 648]``, each with the photograph's group, by which everything is split and resampled.
    `source` is the SHA-256 of the collection's manifest and of what the crops were drawn with.
    """

    signatures: NDArray[np.int8]
    group: NDArray[np.str_]
    is_whole: NDArray[np.bool_]
    source: str

    @property
    def is_held_out(self) -> NDArray[np.bool_]:
        """``bool[m]``: of groups that nothing is trained on."""
        groups, index = np.unique(self.group, return_inverse=True)
        return np.array([is_held_out(str(group)) for group in groups])[index]

    def save(self, path: Path) -> None:
        """Write all to a file, aside first."""
        with written_aside(path) as file:
            np.savez_compressed(
                file,
                signatures=self.signatures,
                group=self.group,
                is_whole=self.is_whole,
                source=np.array(self.source),
            )

    @classmethod
    def load(cls, path: Path) -> "Crops":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                arrays["signatures"], arrays["group"], arrays["is_whole"], str(arrays["source"])
            )


def is_held_out(group: str) -> bool:
    """Whether a group of photographs is kept from training, by a hash of its name."""
    return hashlib.sha256(group.encode()).digest()[0] % 5 < HELD_OUT_OF_5


def check_groups(collection: Collection) -> None:
    """Refuse photographs of which none would be held out, or none learnt from."""
    if len({is_held_out(photo.group) for photo in collection.photographs}) < 2:
        raise MeasurementError(
            f"{collection.name} has too few photographs: by its group's name each is held out or "
            "learnt from, and there are none to hold out or none to learn from; add some"
        )


def sign_crops(collection: Collection, count: int, seed: int = 0, jobs: int = -1) -> Crops:
    """Sign every photograph, and random crops of it.

    Grey photographs are signed as RGB, so that the tolerance is in the same units for all.
    """
    photographs = collection.photographs
    with interrupts_held():
        results = Parallel(n_jobs=jobs, return_as="generator")(
            delayed(_sign_photograph)(collection, photo.id, count, [seed, number])
            for number, photo in enumerate(photographs)
        )
    parts = list(track(results, "signing crops", total=len(photographs)))
    sizes = [len(part) for part in parts]
    first = np.cumsum([0, *sizes[:-1]])
    is_whole = np.zeros(sum(sizes), dtype=np.bool_)
    is_whole[first] = True
    drawn = f"{collection.manifest()['sha256']} {count} {seed} {LONG_SIDE} {SHORTEST_CROP}"
    return Crops(
        signatures=np.concatenate(parts),
        group=np.repeat([photo.group for photo in photographs], sizes),
        is_whole=is_whole,
        source=hashlib.sha256(drawn.encode()).hexdigest(),
    )


def cached_crops(collection: str, count: int, seed: int) -> Crops:
    """Crops of a collection, signed once and kept in the cache."""
    opened = open_collection(collection, ())
    check_groups(opened)
    digest = str(opened.manifest()["sha256"])[:12]
    path = cache_dir() / "codecs" / f"crops-{digest}-{count}-{seed}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        sign_crops(opened, count, seed).save(path)
    return Crops.load(path)


def _sign_photograph(
    collection: Collection, photo_id: str, count: int, seed: list[int]
) -> NDArray[np.int8]:
    """Signatures of a photograph, the first, and of its crops."""
    picture = np.asarray(collection.open(photo_id).convert("RGB"))
    levels = _shrunk(grey_levels(picture))
    rng = np.random.default_rng(seed)
    signatures = [generate_signature(picture)]
    for _ in range(count):
        top, left, height, width = _random_box(levels.shape, rng)
        try:
            signature = generate_signature(levels[top : top + height, left : left + width])
        except CorruptImageError:
            continue
        if (signature != 0).mean() >= MIN_NONZERO:
            signatures.append(signature)
    result = np.array(signatures)
    # What breaks the mirror rule would be escaped by every codec; there is nothing to learn of it.
    return np.concatenate((result[:1], result[1:][HalfStrip(Grid()).is_regular(result[1:])]))


def _shrunk(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    factor = max(1, round(max(levels.shape) / LONG_SIDE))
    height, width = (side // factor for side in levels.shape)
    blocks = levels[: height * factor, : width * factor].reshape(height, factor, width, factor)
    shrunk: NDArray[np.float64] = blocks.mean(axis=(1, 3))
    return shrunk


def _random_box(shape: tuple[int, ...], rng: np.random.Generator) -> tuple[int, int, int, int]:
    """Top, left, height and width of a crop, three of ten in the photograph's own shape."""
    height, width = shape
    short = min(shape)
    part = np.exp(rng.uniform(np.log(min(1.0, SHORTEST_CROP / short)), 0))
    stretch = np.exp(rng.uniform(-0.2, 0.2))
    if rng.random() < 0.3:
        sides = part * height, part * width
    else:
        sides = part * short * stretch, part * short / stretch
    crop_height = int(min(max(sides[0], 60), height))
    crop_width = int(min(max(sides[1], 60), width))
    top = int(rng.integers(0, height - crop_height + 1))
    left = int(rng.integers(0, width - crop_width + 1))
    return top, left, crop_height, crop_width
