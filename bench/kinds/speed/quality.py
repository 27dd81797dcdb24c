"""What the fast mode does to a search: documents and queries, each signed both ways."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import default_rng
from numpy.typing import NDArray
from rich.progress import Progress

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.comparisons import Estimates, comparable, corrected, differences
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import Queries, check_queries, read_queries
from bench.evaluate.measures import RECALL_AT_1, RECALL_AT_90, SENTENCE, UAP, precisions
from bench.evaluate.rankings import RANKINGS
from bench.evaluate.settings import System
from bench.evaluate.system import evaluate_point
from bench.kinds.sections import Resampling
from bench.kinds.speed.decode_effect import as_jpeg, jpeg_bytes, reduction_factor
from bench.runs.errors import MeasurementError
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import IGNORED, RIGHT, find_truth
from bench.search.exact.word_distance import pair_distances
from bench.signing.dataset import Dataset
from bench.signing.photograph import SigningJob, signing_jobs
from bench.signing.sign import Signed
from bench.signing.tables import document_table, query_table
from datasets import open_collection
from datasets.collection import PictureFiles
from datasets.parallel import in_parallel
from datasets.queries import Label, plan_queries
from datasets.transforms import transform_set
from imgsig import WordScheme, generate_signature

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

    Tables are as in `bench.signing.sign.Signed`; the signatures match them row for row.
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
    asked = settings.model_dump(include={"queries", "no_match_share", "seed"})
    plan = plan_queries(collection, transform_set(settings.transforms), documents=None, **asked)
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


def _sign_job(
    pictures: PictureFiles, job: SigningJob
) -> tuple[dict[int, BothWays], dict[int, BothWays]]:
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


#: Rankings that are compared.
RANKED_BY = ("score", "distance")
#: Hits a search returns.
SIZE = 100
#: All queries, and those of which both the query and its right answer are large enough to be
#: decoded at a fraction of their size: all others are the same both ways.
SUBSETS = ("all", "reduced")


def measure_quality(whole: Whole, among: Signed, settings: Resampling) -> pd.DataFrame:
    """Search with all four combinations of how documents and queries are signed.

    One row a combination, ranking, subset of the queries and measure: value with interval, the
    paired ``difference`` to exact and exact, and its ``p``, corrected for the number of comparisons
    of that measure.
    """
    tiles = among.documents[(among.documents["doc"] >= 0) & (among.documents["left"] >= 0)]
    distractors = among.database[tiles["doc"].to_numpy()]
    count = len(whole.of_documents)
    tiles = tiles.assign(doc=np.arange(count, count + len(tiles)))
    documents = pd.concat([whole.documents, tiles], ignore_index=True)
    read = read_queries(check_queries(whole.queries))
    asked = replace(read, halves={"all": read.halves["all"], "reduced": whole.reduced})
    options = settings.settings(SIZE, precisions=precisions(SENTENCE), recall_ranks=(1,))
    weights = draw_groups(read.n_groups, options.n_resamples, options.seed)
    rows: list[dict[str, object]] = []
    for subset in SUBSETS:
        estimates: dict[System, Estimates] = {}
        for of_documents, of_queries in product(MODES, MODES):
            originals, copies = whole.signatures(of_documents, of_queries)
            database = np.concatenate([originals, distractors])
            signed = Signed(documents, whole.queries, database, copies, {})
            hits = _hits(signed, asked)
            for name in RANKED_BY:
                system = System(f"{of_documents}/{of_queries}", name)
                found = evaluate_point(hits, RANKINGS[name], asked, weights, options, subset)
                estimates[system] = comparable(found)
        rows += _rows(estimates, subset, settings.confidence)
    return pd.DataFrame(rows)


def _hits(signed: Signed, queries: Queries) -> Hits:
    truth = find_truth(signed)
    found = Simulator(signed.database, signed.query_signatures).search(WordScheme(), SIZE)
    code = truth.of(found.query, found.doc)
    counted = code != IGNORED
    query, doc = found.query[counted], found.doc[counted]
    columns = {
        "score": found.score[counted],
        "distance": pair_distances(signed.database, signed.query_signatures, query, doc),
    }
    return hits_from_arrays(query, code[counted] == RIGHT, columns, len(queries))


def _rows(
    estimates: Mapping[System, Estimates], subset: str, confidence: float
) -> list[dict[str, object]]:
    first = {system: System("exact/exact", system.ranking) for system in estimates}
    pairs = [(system, other) for system, other in first.items() if system != other]
    compared = {
        (row["variant_a"], row["ranking_a"], row["measure"]): row
        for row in corrected(differences(estimates, pairs, confidence), confidence)
    }
    rows: list[dict[str, object]] = []
    for (variant, ranking), own in estimates.items():
        of_documents, of_queries = variant.split("/")
        for measure in (RECALL_AT_1.name, UAP.name, RECALL_AT_90.name):
            (estimate,) = (e for (name, _), e in own.items() if name == measure)
            low, high, _ = estimate.interval(confidence)
            difference = compared.get((variant, ranking, measure), {})
            rows.append(
                {
                    "documents": of_documents,
                    "queries": of_queries,
                    "ranking": ranking,
                    "subset": subset,
                    "measure": measure,
                    "value": estimate.value,
                    "low": low,
                    "high": high,
                    "n": estimate.n,
                    "difference": difference.get("difference", float("nan")),
                    "difference_low": difference.get("low", float("nan")),
                    "difference_high": difference.get("high", float("nan")),
                    "p": difference.get("p_holm", float("nan")),
                }
            )
    return rows
