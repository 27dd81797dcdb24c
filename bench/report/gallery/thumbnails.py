"""Thumbnails of the gallery's queries and documents, for the machine that has the collection.

Photographs may not be ours to pass on, so thumbnails go to a file of their own, which is not
committed.
"""

import io
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.random import default_rng
from PIL import Image

from bench.runs.folder import write_parquet
from bench.signing.dataset import Dataset, differs
from bench.signing.sign import Signed
from datasets import DatasetError, open_collection
from datasets.collection import PictureFiles
from datasets.published import PublishedCollection
from datasets.transforms import transform_set

#: The file of a run that holds the thumbnails.
PICTURES = "gallery_pictures.parquet"
#: Longer side of a thumbnail, in pixels.
SIDE = 160
_BOX = ("left", "upper", "right", "lower")


def write_thumbnails(gallery: pd.DataFrame, signed: Signed, dataset: Dataset, folder: Path) -> None:
    """Open the gallery's pictures again, repeat the edits of the queries, and write `PICTURES`.

    Its columns are ``role`` (``query`` or ``doc``), ``number``, ``width``, ``height`` and ``webp``,
    the file's bytes.
    """
    collection = open_collection(
        dataset.collection, dataset.tiles, allow_missing=dataset.missing_sources == "allow"
    )
    if difference := differs(collection, signed.description):
        raise DatasetError(difference)
    pictures = collection.pictures()
    transforms = {one.id: one for one in transform_set(dataset.transforms)}
    rows = []
    queries = signed.queries
    if "origin" not in queries:  # signed before there were pairs
        published = isinstance(collection, PublishedCollection)
        queries = queries.assign(origin="published" if published else "made")
    for number, of in _of(gallery["query"], queries, "query"):
        picture = _original(pictures, of)
        if of["origin"] == "made":  # pairs and benchmarks bring their queries
            picture = transforms[of["transform"]](picture, default_rng(of["seed"]))
        rows.append(("query", number, *_thumbnail(picture)))
    for number, of in _of(gallery["doc"], signed.documents, "doc"):
        rows.append(("doc", number, *_thumbnail(_original(pictures, of))))
    table = pd.DataFrame(rows, columns=["role", "number", "width", "height", "webp"])
    write_parquet(folder / PICTURES, table)


def _of(
    numbers: "pd.Series[int]", table: pd.DataFrame, column: str
) -> Iterable[tuple[int, dict[Hashable, Any]]]:
    wanted = table[table[column].isin(numbers)].sort_values(column)
    return ((row[column], row) for row in wanted.to_dict("records"))


def _original(pictures: PictureFiles, of: Mapping[Hashable, Any]) -> Image.Image:
    picture = pictures.open(of["photo"])
    return picture if of["left"] < 0 else picture.crop(tuple(of[edge] for edge in _BOX))


def _thumbnail(picture: Image.Image) -> tuple[int, int, bytes]:
    small = picture.convert("RGB")
    small.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=70)
    return small.width, small.height, buffer.getvalue()
