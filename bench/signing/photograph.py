"""Sign what is needed of one photograph: its documents and its queries."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray
from PIL import Image

from datasets import Collection, Original
from datasets.collection import PictureFiles, opened, to_plain
from datasets.errors import PictureError
from datasets.queries import Label, Query, QueryPlan
from datasets.texture import REDUCED, texture
from imgsig import CorruptImageError, SignatureConfig, generate_signature

Signatures = NDArray[np.int8]

#: Row number, signature or None, the reason for None, and the texture of the original (see
#: `datasets.texture`), NaN where it cannot be opened.
Result = tuple[int, Signatures | None, str, float]


@dataclass(frozen=True)
class SigningJob:
    """What is to be signed of one photograph."""

    photo: str  # its id
    documents: tuple[tuple[int, Original], ...]  # place in the plan's database, and the original
    queries: tuple[tuple[Query, Original], ...]  # the query, and the original it is made of or is


def signing_jobs(collection: Collection, plan: QueryPlan) -> list[SigningJob]:
    """One job a photograph that the plan needs, in the collection's order."""
    documents: dict[str, list[tuple[int, Original]]] = {}
    queries: dict[str, list[tuple[Query, Original]]] = {}
    for row, position in enumerate(plan.database):
        original = plan.original_at(collection, position)
        documents.setdefault(original.photo, []).append((row, original))
    for query in plan.queries:
        original = collection.originals[query.original]
        queries.setdefault(original.photo, []).append((query, original))
    return [
        SigningJob(photo.id, tuple(documents.get(photo.id, ())), tuple(queries.get(photo.id, ())))
        for photo in collection.photographs
        if photo.id in documents or photo.id in queries
    ]


def sign_photograph(
    pictures: PictureFiles, job: SigningJob, config: SignatureConfig
) -> tuple[list[Result], list[Result]]:
    """Sign one photograph's documents and queries.

    Whole photographs, and queries that somebody else made, are signed as their file is, tiles and
    edited copies as their pixels are.
    """
    file = _Opened(pictures, job.photo, config)
    documents: list[Result] = []
    for row, original in job.documents:
        if original.edit is not None:
            copying = partial(original.edit.transform, rng=default_rng(original.edit.seed))
            signed = file.edited(original, copying)
        elif original.box is None:
            signed = file.as_stored
        else:
            signed = file.edited(original, lambda tile: tile)
        documents.append((row, *signed, file.texture(original)))
    queries: list[Result] = []
    for query, original in job.queries:
        if isinstance(query.transform, Label):
            signed = file.as_stored
        else:
            edit = partial(query.transform, rng=default_rng(query.seed))
            signed = file.edited(original, edit)
        queries.append((query.number, *signed, file.texture(original)))
    return documents, queries


class _Opened:
    """A photograph: decoded at most once, and only if it is cut or edited."""

    def __init__(self, pictures: PictureFiles, photo: str, config: SignatureConfig) -> None:
        self._pictures, self._photo, self._config = pictures, photo, config

    def texture(self, original: Original) -> float:
        """Texture of an original; of a whole photograph it is that of a small copy of it."""
        if original.box is None:
            return self._whole_texture
        picture, _ = self._picture
        return math.nan if picture is None else texture(picture.crop(original.box))

    @cached_property
    def _whole_texture(self) -> float:
        try:
            with opened(self._data) as picture:
                picture.draft("L", (REDUCED, REDUCED))  # JPEG files are decoded at a fraction
                return texture(to_plain(picture))
        except (OSError, PictureError):
            return math.nan

    @cached_property
    def _data(self) -> bytes:
        return self._pictures.read_bytes(self._photo)

    @cached_property
    def as_stored(self) -> tuple[Signatures | None, str]:
        """Signature of the file itself, as a user would sign it."""
        try:
            return self._sign(self._data)
        except OSError as error:
            return None, _unreadable(error)

    def edited(
        self, original: Original, edit: Callable[[Image.Image], Image.Image]
    ) -> tuple[Signatures | None, str]:
        """Signature of what an edit makes of an original."""
        picture, reason = self._picture
        if picture is None:
            return None, reason
        whole = picture if original.box is None else picture.crop(original.box)
        return self._sign(np.asarray(edit(whole)))

    @cached_property
    def _picture(self) -> tuple[Image.Image | None, str]:
        try:
            return self._pictures.open(self._photo), ""
        except OSError as error:
            return None, _unreadable(error)
        except PictureError as error:
            return None, f"the picture cannot be decoded: {error}"

    def _sign(self, source: Any) -> tuple[Signatures | None, str]:
        try:
            return generate_signature(source, self._config), ""
        except CorruptImageError as error:
            return None, str(error)


def _unreadable(error: OSError) -> str:
    return f"the file cannot be read: {error.strerror or error}"
