"""Hashes of a collection: the pixels that signatures are made of, given to other programs."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import default_rng
from numpy.typing import NDArray
from PIL import Image

from bench.peers.hashes import Hash
from bench.peers.session import Session, cores, open_session
from bench.runs.errors import MeasurementError
from bench.runs.folder import write_parquet
from bench.signing.dataset import Dataset
from bench.signing.photograph import SigningJob, signing_jobs
from bench.signing.sign import Signed, choose_again
from datasets.collection import PictureFiles
from datasets.queries import Label

#: Photographs whose hashes are kept together; a run that is killed goes on behind the last.
CHUNK = 150
#: Our own signature of an array, exact.
OWN_TOOL = "exact, array"
#: Hashes of documents and of queries, packed: ``int8[m, bytes]``; rows are those of the signatures.
Hashed = tuple[NDArray[np.int8], NDArray[np.int8]]

#: Of a picture: what it is, and then its hashes.
Row = dict[str, Any]
#: A photograph, and the pictures that are made of it.
Job = tuple[str, Iterable[tuple[Row, Image.Image]]]

_DOCUMENT, _QUERY = "document", "query"


def job_pictures(pictures: PictureFiles, job: SigningJob) -> Iterator[tuple[Row, Image.Image]]:
    """What is signed of one photograph, as pictures: documents and queries with their numbers."""
    whole = pictures.open(job.photo)
    for row, original in job.documents:
        own = whole if original.box is None else whole.crop(original.box)
        if original.edit is not None:
            own = original.edit.transform(own, default_rng(original.edit.seed))
        yield {"role": _DOCUMENT, "number": row}, own
    for query, original in job.queries:
        own = whole if original.box is None else whole.crop(original.box)
        if not isinstance(query.transform, Label):
            own = query.transform(own, default_rng(query.seed))
        yield {"role": _QUERY, "number": query.number}, own


class Pool:
    """Programs that hash, a worker a core; each is given what one thread decodes and edits.

    They are started when they are first needed.
    """

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._sessions: SimpleQueue[Session] = SimpleQueue()

    @cached_property
    def _scratch(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory()))

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        for core in cores():
            self._sessions.put(self._stack.enter_context(open_session(core)))
        return self._stack.enter_context(ThreadPoolExecutor(self._sessions.qsize()))

    def rows(self, jobs: Iterable[Job], tools: Mapping[str, str]) -> Iterator[list[Row]]:
        """Add to each picture's row what each tool makes of it, by its name.

        A job is what there is of one photograph, made as it is taken; rows come in order.
        """
        scratch = self._scratch
        return self._threads.map(lambda job: self._made(job, tools, scratch), jobs)

    def _made(self, job: Job, tools: Mapping[str, str], scratch: Path) -> list[Row]:
        photo, pictures = job
        session = self._sessions.get()
        path = scratch / f"{id(session)}.npy"
        found = []
        try:
            for row, picture in pictures:
                _written(path, picture)
                values = {
                    name: session.call(tool, path, value=True).value for name, tool in tools.items()
                }
                found.append(row | values)
        except MeasurementError as error:
            raise MeasurementError(f"{photo}: {error}") from error
        finally:
            self._sessions.put(session)
        return found


class Hashing:
    """A collection that is signed, and is to be hashed."""

    def __init__(self, settings: Dataset, signed: Signed) -> None:
        collection, plan = choose_again(settings, signed)
        self._pictures = collection.pictures()
        self._signed = signed
        failed = [table["status"] == "failed" for table in (signed.documents, signed.queries)]
        documents = set(np.flatnonzero(failed[0]).tolist())
        queries = set(signed.queries.loc[failed[1], "query"])
        every = (
            replace(
                job,
                documents=tuple(one for one in job.documents if one[0] not in documents),
                queries=tuple(one for one in job.queries if one[0].number not in queries),
            )
            for job in signing_jobs(collection, plan)
        )
        self.jobs = [job for job in every if job.documents or job.queries]

    def hash_all(
        self, pool: Pool, hashes: Sequence[Hash], folder: Path, advance: Callable[[int], object]
    ) -> dict[str, Hashed]:
        """Every hash of every document and query, on all cores; what `folder` has is taken."""
        chunks = [self.jobs[at : at + CHUNK] for at in range(0, len(self.jobs), CHUNK)]
        paths = [folder / f"{number:05}.parquet" for number in range(len(chunks))]
        waiting = [number for number, path in enumerate(paths) if not path.is_file()]
        advance(len(self.jobs) - sum(len(chunks[number]) for number in waiting))
        tools = {one.name: one.tool for one in hashes}
        for number in waiting:
            jobs = ((job.photo, job_pictures(self._pictures, job)) for job in chunks[number])
            rows: list[Row] = []
            for own in pool.rows(jobs, tools):
                rows += own
                advance(1)
            write_parquet(paths[number], pd.DataFrame(rows))
        table = pd.concat(map(pd.read_parquet, paths), ignore_index=True)
        return {one.name: self._arrays(table, one) for one in hashes}

    def _arrays(self, table: pd.DataFrame, one: Hash) -> Hashed:
        """The hashes by document and by row of the queries; 0 for queries that were not signed."""
        documents, queries = self._signed.documents, self._signed.queries
        row_of = pd.Series(np.arange(len(queries)), index=queries["query"])
        found = []
        for role, count in ((_DOCUMENT, len(self._signed.database)), (_QUERY, len(queries))):
            own = table[table["role"] == role]
            numbers = own["number"].to_numpy()
            places = documents["doc"].to_numpy()[numbers] if role == _DOCUMENT else row_of[numbers]
            packed = np.zeros((count, one.bits // 8), dtype=np.int8)
            if wrong := {4 * length for length in own[one.name].str.len()} - {one.bits}:
                raise MeasurementError(
                    f"{one.name} has {wrong.pop()} bits, not {one.bits}; correct its row in "
                    "bench/peers/hashes.py"
                )
            joined = bytes.fromhex("".join(own[one.name]))
            packed[places] = np.frombuffer(joined, dtype=np.int8).reshape(len(own), -1)
            found.append(packed)
        return found[0], found[1]

    def time(
        self, tools: dict[str, str], most: int, advance: Callable[[int], object]
    ) -> pd.DataFrame:
        """Time tools, by their names, on whole photographs, in turn and each begun with in turn.

        Columns: ``name``, ``picture``, ``megapixels``, ``seconds``, tool by tool. The first picture
        is off the record, once.
        """
        whole = [job for job in self.jobs if any(one.box is None for _, one in job.documents)]
        chosen = np.linspace(0, len(whole), min(most, len(whole)), endpoint=False).astype(int)
        rows: list[dict[str, Any]] = []
        names = list(tools)
        with tempfile.TemporaryDirectory() as folder, open_session() as session:
            for number, place in enumerate([chosen[0], *chosen]):
                photo = whole[place].photo
                path = Path(folder) / f"{number}.npy"
                pixels = _written(path, self._pictures.open(photo))
                turn = number % len(names)
                for name in names[turn:] + names[:turn]:
                    seconds = session.call(tools[name], path).seconds
                    row = {"name": name, "picture": photo, "megapixels": pixels / 1e6}
                    if number:
                        rows.append(row | {"seconds": seconds})
                path.unlink()
                advance(1)
        rows.sort(key=lambda row: names.index(row["name"]))
        return pd.DataFrame(rows)


def _written(path: Path, picture: Image.Image) -> int:
    """Write a picture's pixels, ``uint8[height, width, 3]``; how many there are."""
    np.save(path, np.asarray(picture.convert("RGB")), allow_pickle=False)
    return picture.width * picture.height
