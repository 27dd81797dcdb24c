"""The work of a soak: build an index, settle it or not, search it, check, delete, sign pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from bench.engine.client import Client
from bench.index.build import create_index, delete_index, load_documents
from bench.index.storage import settle_and_measure
from bench.index.variant import Variant
from bench.runs.errors import ExperimentError, MeasurementError
from bench.search.search import search_all
from bench.search.verification import verify_candidates
from imgsig import generate_signature, sign_many
from imgsig.layouts import LAYOUTS

#: Beginning of the names of the indices.
PREFIX = "soak"
#: Hits of a search.
SIZE = 20

_CODECS = (
    {"id": "packed", "strip": "half"},
    {"id": "base62", "strip": "half"},
    {"id": "int_array"},
    {"id": "none"},
)
_WORDS = ((63, 16), (20, 8), (32, 12))


@dataclass(frozen=True)
class Material:
    """What is indexed, searched for and signed; all made.

    Parameters
    ----------
    database, queries : ndarray
        ``int8[m, 648]``; the queries are signatures of the database's pictures with noise.
    pictures : tuple of Path
        Files.
    """

    database: NDArray[np.int8]
    queries: NDArray[np.int8]
    pictures: tuple[Path, ...]


def make_material(
    folder: Path, *, documents: int = 400, queries: int = 20, pictures: int = 12, seed: int = 0
) -> Material:
    """Make pictures of clouds, sign them, and write some as files."""
    rng = np.random.default_rng(seed)
    clouds = [_cloud(rng) for _ in range(documents)]
    noisy = [np.clip(one + rng.normal(0, 4, one.shape), 0, 255) for one in clouds[:queries]]
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / f"{number}.jpg" for number in range(pictures))
    for path, cloud in zip(paths, clouds, strict=False):
        Image.fromarray(cloud.repeat(4, axis=0).repeat(4, axis=1)).save(path)
    return Material(
        np.stack([generate_signature(cloud) for cloud in clouds]),
        np.stack([generate_signature(one.astype(np.uint8)) for one in noisy]),
        paths,
    )


def _cloud(rng: np.random.Generator) -> NDArray[np.uint8]:
    noise = gaussian_filter(rng.normal(size=(96, 96)), 5)
    scaled = (noise - noise.min()) / np.ptp(noise) * 255
    cloud: NDArray[np.uint8] = scaled.astype(np.uint8)
    return cloud


def make_variants() -> list[Variant]:
    """One variant of every layout with every codec it takes, layouts changing fastest."""
    variants = []
    for number, (codec, layout) in enumerate(product(_CODECS, LAYOUTS)):
        N, k = _WORDS[number % len(_WORDS)]
        try:
            variants.append(Variant(N=N, k=k, codec=codec, layout=layout))
        except ExperimentError:  # a layout without a place for such a signature
            continue
    return variants


@dataclass(frozen=True)
class Round:
    """What one round did.

    Parameters
    ----------
    variant : str
        Name of the index.
    settled : bool
        Whether it was settled and measured before it was searched.
    pictures : int
        How many were signed.
    hits : int
        Hits that were compared with those computed without the engine.
    """

    variant: str
    settled: bool
    pictures: int
    hits: int


def work(
    client: Client,
    variant: Variant,
    material: Material,
    *,
    settle: bool,
    sign: bool = True,
    workers: int = 2,
) -> Round:
    """Do one round."""
    own = replace(variant, name=f"{PREFIX}-{variant.index_name}")
    create_index(client, own, PREFIX)
    try:
        load_documents(client, own, material.database)
        if settle:
            settle_and_measure(client, own.index_name, len(material.database))
        numbers = np.arange(len(material.queries))
        candidates, _ = search_all(client, own, numbers, material.queries, size=SIZE)
        verified = verify_candidates(
            candidates,
            own,
            numbers,
            material.queries,
            material.database,
            size=SIZE,
            # Which of equally near vectors is the last hit is as open as it is with several shards:
            # they are sought in each segment, and a searcher may be older than the last merge.
            shards=1 if own.counts_words else 2,
        )
    finally:
        delete_index(client, own.index_name, PREFIX)
    if sign:
        _sign(material.pictures, workers)
    return Round(own.index_name, settle, len(material.pictures) if sign else 0, verified.hits)


def _sign(pictures: Sequence[Path], workers: int) -> None:
    for record in sign_many(pictures, workers=workers):
        if record.signature is None:
            raise MeasurementError(f"{record.path} was not signed: {record.outcome}")
