"""Sign a collection: signatures of the documents of the database and of the edited copies.

Photographs are decoded once each, on all cores, and in a fixed order, so the result does not depend
on how many cores there are.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import default_rng
from numpy.typing import NDArray
from rich.progress import Progress

from bench.errors import MeasurementError
from bench.experiment import Experiment
from bench.indexing import document_path
from bench.run_folder import read_json, write_array, write_json, write_parquet
from datasets import Collection, Original, open_collection
from datasets.parallel import in_parallel
from datasets.queries import Plan, Query, describe_original, plan_queries
from datasets.relation import Relation
from datasets.transforms import transform_set
from imgsig import CorruptImageError, SignatureConfig, generate_signature

Signatures = NDArray[np.int8]


@dataclass(frozen=True)
class Signed:
    """Signatures of a database and of the queries for it.

    Parameters
    ----------
    documents : DataFrame
        One row an original of the database: ``doc`` (its number in the index; −1 if it could not be
        signed), ``path``, ``original``, ``kind``, ``photo``, ``group``, ``left``, ``upper``,
        ``right``, ``lower`` (−1 for whole photographs), ``status``, ``reason``.
    queries : DataFrame
        One row a query: ``query``, ``doc`` (of the right answer, or −1), ``original``, ``kind``,
        ``photo``, ``group``, ``transform``, ``family``, ``strength``, ``seed``, ``in_database``,
        ``half``, ``status`` (``ok`` or ``failed``), ``reason``.
    database : ndarray
        ``int8[documents, length]``, row = document number.
    query_signatures : ndarray
        ``int8[queries, length]``; zero where the status is ``failed``.
    description : dict
        The collection and the plan, JSON-ready.
    """

    documents: pd.DataFrame
    queries: pd.DataFrame
    database: Signatures
    query_signatures: Signatures
    description: dict[str, Any]

    def relations(
        self, queries: NDArray[np.int64], documents: NDArray[np.int64]
    ) -> NDArray[np.str_]:
        """Relation of found documents to queries, see `datasets.relation`.

        Parameters
        ----------
        queries, documents : ndarray
            ``int64[m]`` numbers of queries and documents.

        Returns
        -------
        ndarray
            ``str[m]``.
        """
        indexed = self.documents[self.documents["doc"] >= 0].sort_values("doc")
        by_number = self.queries.sort_values("query")
        originals = _originals(by_number) + _originals(indexed)
        first = {original.id: place for place, original in reversed(list(enumerate(originals)))}
        # An original that is both query and document must be one and the same position.
        same = np.array([first[original.id] for original in originals])
        return Relation(originals).between(same[queries], same[documents + len(by_number)])


def _originals(table: pd.DataFrame) -> list[Original]:
    boxes = table[["left", "upper", "right", "lower"]].to_numpy().tolist()
    columns = zip(table["original"], table["photo"], table["group"], boxes, strict=True)
    return [
        Original(name, photo, group, None if box[0] < 0 else (box[0], box[1], box[2], box[3]))
        for name, photo, group, box in columns
    ]


@dataclass(frozen=True)
class _Job:
    """What is to be signed of one photograph."""

    photo: str
    documents: tuple[tuple[int, Original], ...]
    copies: tuple[tuple[Query, Original], ...]


#: Row number, signature or None, and the reason for None.
_Result = tuple[int, Signatures | None, str]


def load_or_sign(experiment: Experiment, folder: Path, progress: Progress) -> Signed:
    """Sign the experiment's collection, or load what an earlier start has signed.

    Parameters
    ----------
    experiment : Experiment
        Names the collection, the queries and the signature's parameters.
    folder : Path
        Where the result is kept.
    progress : Progress
        Where progress is shown.

    Returns
    -------
    Signed

    Raises
    ------
    DatasetError
        If the collection cannot be had or is too small.
    MeasurementError
        If nothing could be signed.
    """
    if not (folder / "description.json").is_file():
        _sign(experiment, folder, progress)
    return Signed(
        documents=pd.read_parquet(folder / "documents.parquet"),
        queries=pd.read_parquet(folder / "queries.parquet"),
        database=np.load(folder / "database.npy"),
        query_signatures=np.load(folder / "query_signatures.npy"),
        description=read_json(folder / "description.json"),
    )


def _sign(experiment: Experiment, folder: Path, progress: Progress) -> None:
    settings = experiment.dataset
    collection = open_collection(settings.collection, settings.tiles)
    plan = plan_queries(
        collection,
        transform_set(settings.transforms),
        documents=settings.documents,
        queries=settings.queries,
        no_match_share=settings.no_match_share,
        seed=settings.seed,
    )
    config = SignatureConfig.from_config(experiment.signature)
    jobs = _jobs(collection, plan)
    results = in_parallel(_sign_photograph, ((collection, job, config) for job in jobs))
    documents = np.zeros((len(plan.database), config.length), dtype=np.int8)
    queries = np.zeros((len(plan.queries), config.length), dtype=np.int8)
    reasons: tuple[dict[int, str], dict[int, str]] = ({}, {})
    bar = progress.add_task("Signing pictures", total=len(documents) + len(queries))
    for of_documents, of_queries in results:
        for found, signatures, failed in zip(
            (of_documents, of_queries), (documents, queries), reasons, strict=True
        ):
            for row, signature, reason in found:
                if signature is None:
                    failed[row] = reason
                else:
                    signatures[row] = signature
        progress.advance(bar, len(of_documents) + len(of_queries))
    document_table = _document_table(collection, plan, reasons[0])
    kept = document_table["doc"].to_numpy() >= 0
    if not kept.any():
        raise MeasurementError(
            f"none of the {len(kept)} pictures could be signed; the first: {reasons[0][0]}"
        )
    query_table = _query_table(collection, plan, document_table, reasons[1])
    write_parquet(folder / "documents.parquet", document_table)
    write_parquet(folder / "queries.parquet", query_table)
    write_array(folder / "database.npy", documents[kept])
    write_array(folder / "query_signatures.npy", queries)
    manifest = collection.manifest()
    description = {
        "collection": collection.name,
        "sha256": manifest["sha256"],
        "photographs": len(collection.photographs),
        "groups": len({photo.group for photo in collection.photographs}),
        "originals": len(collection.originals),
        "unreadable": [asdict(file) for file in collection.unreadable],
        "documents": int(kept.sum()),
        "documents_failed": int((~kept).sum()),
        "queries": len(query_table),
        "queries_failed": int((query_table["status"] == "failed").sum()),
        "no_match_queries": int((~query_table["in_database"]).sum()),
        "transforms": sorted(set(query_table["transform"])),
        "seed": settings.seed,
    }
    # Last: its presence says that the others are there.
    write_json(folder / "description.json", description)


def _jobs(collection: Collection, plan: Plan) -> list[_Job]:
    documents: dict[str, list[tuple[int, Original]]] = {}
    copies: dict[str, list[tuple[Query, Original]]] = {}
    for row, position in enumerate(plan.database):
        original = collection.originals[position]
        documents.setdefault(original.photo, []).append((row, original))
    for query in plan.queries:
        original = collection.originals[query.original]
        copies.setdefault(original.photo, []).append((query, original))
    return [
        _Job(photo.id, tuple(documents.get(photo.id, ())), tuple(copies.get(photo.id, ())))
        for photo in collection.photographs
        if photo.id in documents or photo.id in copies
    ]


def _sign_photograph(
    collection: Collection, job: _Job, config: SignatureConfig
) -> tuple[list[_Result], list[_Result]]:
    """Signatures of one photograph's documents and edited copies; decoded once."""
    picture = collection.open(job.photo)
    documents: list[_Result] = []
    for row, original in job.documents:
        if original.box is None:  # the file itself, as a user would sign it
            source: Any = collection.read_bytes(job.photo)
        else:
            source = np.asarray(picture.crop(original.box))
        documents.append(_try_to_sign(row, source, config))
    copies: list[_Result] = []
    for query, original in job.copies:
        whole = picture if original.box is None else picture.crop(original.box)
        edited = query.transform(whole, default_rng(query.seed))
        copies.append(_try_to_sign(query.number, np.asarray(edited), config))
    return documents, copies


def _try_to_sign(row: int, source: Any, config: SignatureConfig) -> _Result:
    try:
        return row, generate_signature(source, config), ""
    except CorruptImageError as error:
        return row, None, str(error)


def _describe(original: Original) -> dict[str, Any]:
    box = original.box or (-1, -1, -1, -1)
    return {
        "original": original.id,
        "kind": describe_original(original),
        "photo": original.photo,
        "group": original.group,
        **dict(zip(("left", "upper", "right", "lower"), box, strict=True)),
    }


def _document_table(collection: Collection, plan: Plan, failed: dict[int, str]) -> pd.DataFrame:
    rows, number = [], 0
    for row, position in enumerate(plan.database):
        ok = row not in failed
        rows.append(
            {
                "doc": number if ok else -1,
                "path": document_path(number) if ok else "",
                **_describe(collection.originals[position]),
                "status": "ok" if ok else "failed",
                "reason": failed.get(row, ""),
            }
        )
        number += ok
    return pd.DataFrame(rows)


def _query_table(
    collection: Collection, plan: Plan, documents: pd.DataFrame, failed: dict[int, str]
) -> pd.DataFrame:
    numbers = dict(zip(documents["original"], documents["doc"], strict=True))
    rows = []
    for query in plan.queries:
        original = collection.originals[query.original]
        rows.append(
            {
                "query": query.number,
                "doc": numbers[original.id] if query.in_database else -1,
                **_describe(original),
                "transform": query.transform.id,
                "family": query.transform.family,
                "strength": float(query.transform.strength),
                "seed": query.seed,
                "in_database": query.in_database,
                "half": query.half,
                "status": "failed" if query.number in failed else "ok",
                "reason": failed.get(query.number, ""),
            }
        )
    return pd.DataFrame(rows)
