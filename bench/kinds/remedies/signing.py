"""Signatures of what remedies make of the pictures that a run has signed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import pandas as pd
from numpy.random import default_rng
from numpy.typing import NDArray

from bench.index.build import path_of
from bench.kinds.remedies.made import chained, oriented
from bench.runs.errors import MeasurementError
from bench.signing.cache import PhotographCache
from bench.signing.dataset import Dataset
from bench.signing.photograph import SigningJob, signing_jobs
from bench.signing.sign import Signed, choose_again
from datasets.collection import Edit, PictureFiles
from datasets.parallel import in_parallel
from datasets.queries import Label
from datasets.transforms import Transform
from imgsig import SignatureConfig, generate_signature
from imgsig.index import ORIENTATIONS

Signatures = NDArray[np.int8]


@dataclass(frozen=True)
class Stored:
    """Documents of an index: `picture` says of which picture each is, ``int64[documents]``."""

    database: Signatures
    paths: list[str]
    picture: NDArray[np.int64]


class Made:
    """Copies of documents by the ids of their edits, and queries by their orientation."""

    def __init__(self, settings: Dataset, signed: Signed, copies: Mapping[str, Transform]) -> None:
        collection, plan = choose_again(settings, signed)
        self._signed, self._copies = signed, copies
        self.pictures = collection.pictures()
        number = signed.documents["doc"].to_numpy()
        row_of = {query: row for row, query in enumerate(signed.queries["query"])}
        usable = set(signed.queries.loc[signed.queries["status"] == "ok", "query"])
        self.jobs: list[SigningJob] = []
        for job in signing_jobs(collection, plan):
            documents = tuple(
                (int(number[row]) * len(copies) + place, replace(original, edit=Edit(edit, 0)))
                for row, original in job.documents
                if number[row] >= 0
                for place, edit in enumerate(copies.values())
            )
            queries = tuple(
                (replace(query, number=row_of[query.number] * _TURNS + turn, transform=edit), own)
                for query, own in job.queries
                if query.number in usable
                for turn, edit in enumerate(_turned(query.transform))
            )
            if documents or queries:
                self.jobs.append(SigningJob(job.photo, documents, queries))
        length = signed.database.shape[1]
        self._documents = np.zeros((len(signed.database) * len(copies), length), dtype=np.int8)
        self._there = np.zeros(len(self._documents), dtype=np.bool_)
        self._queries = np.zeros((len(signed.queries) * _TURNS, length), dtype=np.int8)

    def sign(self, advance: Callable[[int], object]) -> None:
        """Sign everything, as far as it was not signed before."""
        cache, config = PhotographCache.of_user(), SignatureConfig()
        jobs = ((self.pictures, job, config) for job in self.jobs)
        for of_documents, of_queries in in_parallel(cache.sign, jobs):
            for row, signature, _, _ in of_documents:
                # A piece may be too small to be signed: it is then no document.
                if signature is not None:
                    self._documents[row], self._there[row] = signature, True
            for row, signature, reason, _ in of_queries:
                if signature is None:
                    query = self._signed.queries["query"].iloc[row // _TURNS]
                    raise MeasurementError(f"query {query}, turned, cannot be signed: {reason}")
                self._queries[row] = signature
            advance(1)

    def stored(self, edits: Sequence[Transform]) -> Stored:
        """Each picture, and what the edits made of it, picture by picture."""
        count, chosen = len(self._signed.database), list(self._copies)
        places = [chosen.index(one.id) for one in edits]
        shape = (count, len(chosen), self._documents.shape[1])
        copies = self._documents.reshape(shape)[:, places]
        every = np.concatenate([self._signed.database[:, np.newaxis], copies], axis=1)
        there = np.ones(every.shape[:2], dtype=np.bool_)
        there[:, 1:] = self._there.reshape(shape[:2])[:, places]
        picture = np.repeat(np.arange(count), there.sum(axis=1))
        paths = [path_of(one, self._signed.paths) for one in picture.tolist()]
        return Stored(every[there], paths, picture)

    def asked(self, orientation: str) -> Signatures:
        """Every query in an orientation, by its row."""
        turn = ORIENTATIONS.index(orientation)
        if not turn:
            return self._signed.query_signatures
        return self._queries[turn - 1 :: _TURNS]


#: Orientations besides a query as it is.
_TURNS = len(ORIENTATIONS) - 1


def _turned(edit: Transform | Label) -> Iterator[Transform]:
    """What is made of the original of a query, or of a picture of a pair, once it is turned."""
    for orientation in ORIENTATIONS[1:]:
        turning = oriented(orientation)
        yield turning if isinstance(edit, Label) else chained(edit, turning)


def signing_samples(
    pictures: PictureFiles,
    photos: Sequence[str],
    made: Mapping[str, Sequence[Transform]],
    advance: Callable[[int], object],
) -> pd.DataFrame:
    """Seconds to sign a picture, from its file on, and what edits make of it, list by list in turn.

    Columns: ``made`` (the name of the list), ``picture``, ``signatures``, ``seconds``. The first
    picture is off the record, once.
    """
    rows, names = [], list(made)
    for number, photo in enumerate([photos[0], *photos]):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            begun = perf_counter()
            signed = _sign(pictures, photo, made[name])
            row = {"made": name, "picture": photo, "signatures": signed}
            if number:
                rows.append(row | {"seconds": perf_counter() - begun})
        advance(1)
    rows.sort(key=lambda row: names.index(str(row["made"])))
    return pd.DataFrame(rows)


def _sign(pictures: PictureFiles, photo: str, edits: Sequence[Transform]) -> int:
    generate_signature(pictures.read_bytes(photo))
    if edits:
        whole, rng = pictures.open(photo), default_rng(0)
        for edit in edits:
            generate_signature(np.asarray(edit(whole, rng)))
    return 1 + len(edits)
