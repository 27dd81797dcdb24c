"""Sign a collection: signatures of the documents of the database and of the queries.

Photographs are decoded once each, on all cores, and in a fixed order, so the result does not depend
on how many cores there are. What was signed before is not signed again, see
`bench.signing.cache`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.progress import Progress

from bench.runs.errors import MeasurementError
from bench.runs.folder import read_json, write_array, write_json, write_parquet
from bench.signing.cache import PhotographCache
from bench.signing.dataset import Dataset, cautions, changed, differs
from bench.signing.photograph import Signatures, signing_jobs
from bench.signing.tables import document_table, listed_table, query_table
from datasets import Collection, DatasetError, Original, open_collection
from datasets.parallel import in_parallel
from datasets.published import PublishedCollection, plan_published
from datasets.queries import QueryPlan, plan_queries
from datasets.relation import WRONG, Listed, Relation
from datasets.transforms import transform_set
from imgsig import SignatureConfig


@dataclass(frozen=True)
class Signed:
    """Signatures of a database and of the queries for it."""

    #: One row an original of the database: ``doc`` (its number in the index; −1 if it could not be
    #: signed), ``path``, ``original``, ``kind`` (``photo`` for a whole one, or ``tile-`` and its
    #: side), ``photo``, ``group`` (its scene), ``left``, ``upper``, ``right``, ``lower`` (−1 for
    #: whole photographs), ``stratum``, ``copy`` (what made a planted copy), ``status``,
    #: ``reason``, ``texture`` and ``texture_decile`` (1 to 10 among the documents), see
    #: `datasets.texture`. Runs of before have none of the columns from ``stratum`` to
    #: ``texture_decile`` but ``status`` and ``reason``.
    documents: pd.DataFrame
    #: One row a query: ``query``, ``doc`` (of the first right answer, or −1), ``original``,
    #: ``kind``, ``photo``, ``group``, ``left``, ``upper``, ``right``, ``lower``, ``transform``,
    #: ``family``, ``strength`` (NaN for edits that have none), ``seed``, ``in_database``,
    #: ``n_right`` (right answers in the database, those that could not be signed included),
    #: ``half``, ``status`` (``ok`` or ``failed``), ``reason``; ``stratum``, ``texture`` and
    #: ``texture_decile`` of the original that it is of, and ``origin``: ``made``, ``natural`` for a
    #: pair of the collection, whose kind is in ``transform``, or ``published``. Unless it is made,
    #: ``original`` and ``photo`` are the query's own picture.
    queries: pd.DataFrame
    database: Signatures  # ``int8[documents, length]``, row = document number
    query_signatures: Signatures  # ``int8[queries, length]``; zero where the status is ``failed``
    description: dict[str, Any]  # the collection and the plan, JSON-ready
    #: The relations that pairs or a benchmark list, see `datasets.relation.Listed`; None where all
    #: are known by construction
    listed: pd.DataFrame | None = None

    @property
    def paths(self) -> list[str] | None:
        """Paths of the documents by their numbers, for `bench.index.build.with_paths`.

        None where they have none of their own: the numbered paths then go on with whatever else is
        indexed.
        """
        if not self.description.get("collection", "").startswith("folder:"):
            return None
        indexed = self.documents[self.documents["doc"] >= 0].sort_values("doc")
        return [str(path) for path in indexed["path"]]

    def relations(
        self, queries: NDArray[np.int64], documents: NDArray[np.int64]
    ) -> NDArray[np.str_]:
        """Relation of found documents to queries, see `datasets.relation`.

        Of ``int64[m]`` numbers of queries and documents: ``str[m]``. Documents beyond the
        signed ones, which are no pictures, are wrong.
        """
        if self.listed is not None:
            listed = Listed(self.listed).between(queries, documents)
            # Benchmarks list all there is; of a pair's query the rest is known by construction.
            if "natural" not in set(self.queries.get("origin", ())):
                return listed
            return np.where(listed == WRONG, self._by_construction(queries, documents), listed)
        return self._by_construction(queries, documents)

    def _by_construction(
        self, queries: NDArray[np.int64], documents: NDArray[np.int64]
    ) -> NDArray[np.str_]:
        indexed = self.documents[self.documents["doc"] >= 0].sort_values("doc")
        by_number = self.queries.sort_values("query")
        originals = _originals(by_number) + _originals(indexed)
        first = {original.id: place for place, original in reversed(list(enumerate(originals)))}
        # An original that is both query and document must be one and the same position.
        same = np.array([first[original.id] for original in originals])
        signed = documents < len(indexed)
        found = np.full(len(documents), WRONG, dtype="<U7")
        found[signed] = Relation(originals).between(
            same[queries[signed]], same[documents[signed] + len(by_number)]
        )
        return found


def _originals(table: pd.DataFrame) -> list[Original]:
    boxes = table[["left", "upper", "right", "lower"]].to_numpy().tolist()
    columns = zip(table["original"], table["photo"], table["group"], boxes, strict=True)
    return [
        Original(name, photo, group, None if box[0] < 0 else (box[0], box[1], box[2], box[3]))
        for name, photo, group, box in columns
    ]


def load_or_sign(
    dataset: Dataset,
    folder: Path,
    progress: Progress,
    signature: Mapping[str, Any] = MappingProxyType({}),
    *,
    searches: bool = False,
) -> Signed:
    """Sign a collection and the queries for it, or load what an earlier start has signed.

    What there is to beware of is shown, see `bench.signing.dataset`.
    """
    if not (folder / "description.json").is_file():
        _sign(dataset, signature, folder, progress, searches)
    elif difference := changed(read_json(folder / "description.json"), dataset.tiles):
        _show(f"This run continues with the pictures it has signed: {difference}.", progress)
    return load_signed(folder)


def load_signed(folder: Path) -> Signed:
    """Load what `load_or_sign` has kept in a folder."""
    return Signed(
        documents=pd.read_parquet(folder / "documents.parquet"),
        queries=pd.read_parquet(folder / "queries.parquet"),
        database=np.load(folder / "database.npy", allow_pickle=False),
        query_signatures=np.load(folder / "query_signatures.npy", allow_pickle=False),
        description=read_json(folder / "description.json"),
        listed=pd.read_parquet(listed) if (listed := folder / "listed.parquet").is_file() else None,
    )


def choose(settings: Dataset) -> tuple[Collection, QueryPlan]:
    """Open a collection, and choose what is indexed and what is searched for."""
    collection = open_collection(
        settings.collection, settings.tiles, allow_missing=settings.missing_sources == "allow"
    )
    return collection, _plan(collection, settings)


def choose_again(settings: Dataset, signed: Signed) -> tuple[Collection, QueryPlan]:
    """As `choose`, to make more of the pictures that were signed; they must be the same."""
    collection, plan = choose(settings)
    if difference := differs(collection, signed.description):
        raise MeasurementError(f"{difference}; delete the run's folder to begin again")
    return collection, plan


def describe(collection: Collection, plan: QueryPlan, settings: Dataset) -> dict[str, Any]:
    """What is indexed and searched for, JSON-ready; nothing is signed."""
    originals = collection.originals
    edits = Counter(query.original for query in plan.queries if query.origin == "made")
    without = {originals[query.original].photo for query in plan.queries if not query.in_database}
    indexed = {plan.original_at(collection, place).photo for place in plan.database}
    photographs = collection.photographs
    return {
        "collection": collection.name,
        "sha256": collection.manifest()["sha256"],
        "photographs": len(photographs),
        "photographs_indexed": len(indexed),
        "photographs_without_match": len(without),
        "groups": len({photo.group for photo in photographs}),
        "originals": len(originals),
        "unreadable": [asdict(file) for file in collection.unreadable],
        "missing": list(collection.missing),
        "natural_queries": sum(query.origin == "natural" for query in plan.queries),
        "planted": len(plan.planted),
        "documents": len(plan.database),
        "queries": len(plan.queries),
        "no_match_queries": sum(not query.in_database for query in plan.queries),
        "originals_edited": len(edits),
        "edits_of_one": max(edits.values(), default=0),
        "transforms": sorted({query.transform.id for query in plan.queries}),
        "seed": settings.seed,
    }


def _show(sentence: str, progress: Progress) -> None:
    progress.console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _sign(
    settings: Dataset,
    signature: Mapping[str, Any],
    folder: Path,
    progress: Progress,
    searches: bool,
) -> None:
    collection, plan = choose(settings)
    description = describe(collection, plan, settings)
    for sentence in cautions(description, searches=searches):
        _show(sentence, progress)
    config = SignatureConfig.from_config(signature)
    jobs = signing_jobs(collection, plan)
    pictures = collection.pictures()
    cache = PhotographCache.of_user()
    results = in_parallel(cache.sign, ((pictures, job, config) for job in jobs))
    documents = np.zeros((len(plan.database), config.length), dtype=np.int8)
    queries = np.zeros((len(plan.queries), config.length), dtype=np.int8)
    textures = np.full(len(documents), np.nan), np.full(len(queries), np.nan)
    reasons: tuple[dict[int, str], dict[int, str]] = ({}, {})
    bar = progress.add_task("Signing pictures", total=len(documents) + len(queries))
    for of_documents, of_queries in results:
        for found, signatures, failed, texture in zip(
            (of_documents, of_queries), (documents, queries), reasons, textures, strict=True
        ):
            for row, signed, reason, texture[row] in found:
                if signed is None:
                    failed[row] = reason
                else:
                    signatures[row] = signed
        progress.advance(bar, len(of_documents) + len(of_queries))
    cache.prune()
    indexed = document_table(collection, plan, reasons[0], textures[0])
    kept = indexed["doc"].to_numpy() >= 0
    if not kept.any():
        raise MeasurementError(
            f"none of the {len(kept)} pictures could be signed; the first: {reasons[0][0]}"
        )
    searched = query_table(collection, plan, indexed, reasons[1], textures[1])
    if searches and (searched["status"] == "failed").all():
        raise MeasurementError(
            f"no query could be signed, of {len(searched):,}; the first: {reasons[1][0]}; search "
            "for pictures that can be read"
        )
    write_parquet(folder / "documents.parquet", indexed)
    write_parquet(folder / "queries.parquet", searched)
    if any(query.right is not None for query in plan.queries):
        write_parquet(folder / "listed.parquet", listed_table(plan, indexed))
    # A selection is a copy: of millions of signatures none is made that differs in nothing.
    write_array(folder / "database.npy", documents if kept.all() else documents[kept])
    write_array(folder / "query_signatures.npy", queries)
    description |= {
        "documents": int(kept.sum()),
        "documents_failed": int((~kept).sum()),
        "queries_failed": int((searched["status"] == "failed").sum()),
    }
    # Last: its presence says that the others are there.
    write_json(folder / "description.json", description)


def _plan(collection: Collection, settings: Dataset) -> QueryPlan:
    if not isinstance(collection, PublishedCollection):
        asked = settings.no_match_share if "no_match_share" in settings.model_fields_set else 0
        if settings.documents is None and asked:
            raise DatasetError(
                f"documents: null takes every picture of {collection.name} into the database, so "
                f"no_match_share: {asked} has none to take queries without a match from; give "
                "documents a number, or remove no_match_share"
            )
        return plan_queries(
            collection,
            transform_set(settings.transforms),
            documents=settings.documents,
            queries=settings.queries,
            natural=settings.natural_queries,
            planting=settings.planting(),
            no_match_share=settings.no_match_share,
            seed=settings.seed,
        )
    unused = sorted(
        {"transforms", "no_match_share", "natural_queries", "planted"} & settings.model_fields_set
    )
    if unused:
        raise DatasetError(
            f"{collection.name} brings queries of its own, with and without a match; remove "
            f"{' and '.join(unused)}"
        )
    if settings.documents == "rest":
        raise DatasetError(f"{collection.name} holds nothing out; say null for all its documents")
    return plan_published(
        collection, documents=settings.documents, queries=settings.queries, seed=settings.seed
    )
