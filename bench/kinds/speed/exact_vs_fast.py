"""Whole photographs and edited copies of them, each signed exactly and fast."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import default_rng
from numpy.typing import NDArray
from rich.progress import Progress

from bench.kinds.speed.decode_effect import as_jpeg, jpeg_bytes, reduction_factor
from bench.runs.errors import MeasurementError
from bench.signing.dataset import Dataset
from bench.signing.photograph import Job, signing_jobs
from bench.signing.tables import document_table, query_table
from datasets import open_collection
from datasets.collection import Pictures
from datasets.parallel import in_parallel
from datasets.queries import Label, plan_queries
from datasets.transforms import transform_set
from imgsig import generate_signature

Signatures = NDArray[np.int8]

MODES = ("exact", "fast")


class BothWays(NamedTuple):
    """A file, signed exactly and fast; and how far the fast mode reduced it."""

    exact: Signatures
    fast: Signatures
    factor: int


@dataclass(frozen=True)
class Whole:
    """Whole photographs as documents, edited copies of them as queries, each signed both ways.

    Parameters
    ----------
    documents, queries : DataFrame
        As in `bench.signing.sign.Signed`.
    of_documents, of_queries : list of BothWays
        Their signatures, row for row.
    """

    documents: pd.DataFrame
    queries: pd.DataFrame
    of_documents: list[BothWays]
    of_queries: list[BothWays]

    def signatures(self, of_documents: str, of_queries: str) -> tuple[Signatures, Signatures]:
        """Signatures of documents and queries, each in one of `MODES`."""
        documents, queries = (
            np.stack([getattr(one, mode) for one in signed])
            for signed, mode in ((self.of_documents, of_documents), (self.of_queries, of_queries))
        )
        return documents, queries

    @property
    def reduced(self) -> NDArray[np.bool_]:
        """Queries that are reduced, and whose right answer, if there is one, is reduced too."""
        query = np.array([one.factor > 1 for one in self.of_queries])
        document = np.array([*(one.factor > 1 for one in self.of_documents), True])
        return np.asarray(query & document[self.queries["doc"].to_numpy()])  # −1: there is none


def sign_whole(settings: Dataset, progress: Progress) -> Whole:
    """Sign whole photographs and edited copies of them, as JPEG files, both ways.

    Photographs that are no JPEG files, and all copies, are encoded as such; both modes see the same
    file.
    """
    collection = open_collection(settings.collection, ())
    plan = plan_queries(
        collection,
        transform_set(settings.transforms),
        documents=None,
        queries=settings.queries,
        no_match_share=settings.no_match_share,
        seed=settings.seed,
    )
    documents = document_table(collection, plan, {})
    queries = query_table(collection, plan, documents, {})
    of_documents: dict[int, BothWays] = {}
    of_queries: dict[int, BothWays] = {}
    pictures = collection.pictures()
    bar = progress.add_task("Signing both ways", total=len(documents) + len(queries))
    jobs = ((pictures, job) for job in signing_jobs(collection, plan))
    for own_documents, own_queries in in_parallel(_sign_job, jobs):
        of_documents |= own_documents
        of_queries |= own_queries
        progress.advance(bar, len(own_documents) + len(own_queries))
    return Whole(
        documents,
        queries,
        [of_documents[row] for row in range(len(documents))],
        [of_queries[number] for number in queries["query"]],
    )


def _sign_job(pictures: Pictures, job: Job) -> tuple[dict[int, BothWays], dict[int, BothWays]]:
    documents, queries = {}, {}
    if job.documents:
        data, _ = as_jpeg(pictures.read_bytes(job.photo))
        documents = {row: _both_ways(data) for row, _ in job.documents}
    for query, _ in job.queries:
        if isinstance(query.transform, Label):
            raise MeasurementError(f"{job.photo}: a benchmark's own queries are no edited copies")
        edited = query.transform(pictures.open(job.photo), default_rng(query.seed))
        queries[query.number] = _both_ways(jpeg_bytes(edited))
    return documents, queries


def _both_ways(data: bytes) -> BothWays:
    exact, fast = (generate_signature(data, decode=mode) for mode in MODES)
    return BothWays(exact, fast, reduction_factor(data))
