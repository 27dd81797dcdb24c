"""Where the time goes between a file and an index: decode, signature, encode, bulk."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pandas as pd
import psutil
from numpy.typing import NDArray

from bench.engine.client import Client
from bench.index.build import (
    bulk_actions,
    create_index,
    delete_index,
    send_actions,
    with_paths,
)
from bench.index.variant import Variant
from bench.kinds.speed.ratios import by_file
from bench.peers.session import ONE_THREAD
from bench.runs.errors import MeasurementError
from imgsig.index.writing import CHUNK

#: Tools of `peers.worker`: decoding as far as a signature decodes, and the whole of it.
SIGNING = {"exact": ("levels", "exact"), "fast": ("levels, fast", "fast")}


def time_documents(
    client: Client,
    variants: Sequence[Variant],
    signatures: NDArray[np.int8],
    batches: int,
    run: str,
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Time how documents are made of signatures, and how they are sent and indexed.

    Each round makes and sends `bench.index.build.CHUNK` documents of every variant, which begin in
    turn; signatures are taken again from the beginning where they are too few. The first round is
    off the record: it pays for the mapping. One row a request and stage: ``encode`` is words, codec
    and document; ``bulk`` JSON, request and indexing.
    """
    documents = np.resize(signatures, ((batches + 1) * CHUNK, signatures.shape[1]))
    rows = []
    created: list[str] = []
    try:
        for variant in variants:
            create_index(client, variant, run)
            created.append(variant.index_name)
        for batch in range(batches + 1):
            first = batch * CHUNK
            for place in range(len(variants)):
                variant = variants[(place + batch) % len(variants)]
                begun = time.perf_counter()
                own = with_paths(documents, first, first + CHUNK)
                actions = list(bulk_actions(variant, own, first))
                encoded = time.perf_counter()
                # Sent once: a pause before another attempt would be timed too.
                send_actions(client, variant.index_name, actions, attempts=1)
                sent = time.perf_counter()
                if batch:
                    for stage, spent in (("encode", encoded - begun), ("bulk", sent - encoded)):
                        rows.append((variant.index_name, batch - 1, stage, CHUNK, spent))
                advance(1)
    finally:
        for index in created:
            delete_index(client, index, run)
    return pd.DataFrame(rows, columns=["variant", "batch", "stage", "documents", "seconds"])


def summarize_stages(signing: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Seconds that 1,000 images take in each stage, one after the other on one core.

    For a file the median of its repetitions, for a request that of all requests; the mean over the
    files.
    """
    means = {
        tool: float(np.median(by_file(signing, tool), axis=1).mean())
        for tools in SIGNING.values()
        for tool in tools
    }
    each = documents.assign(seconds=documents["seconds"] / documents["documents"])
    of_documents = each.groupby(["variant", "stage"], sort=False)["seconds"].median()
    rows = []
    for variant in documents["variant"].unique():
        for mode, (levels, whole) in SIGNING.items():
            stages = {"decode": means[levels], "signature": means[whole] - means[levels]}
            stages |= {stage: float(of_documents[variant, stage]) for stage in ("encode", "bulk")}
            rows += [(variant, mode, stage, 1000 * value) for stage, value in stages.items()]
    return pd.DataFrame(rows, columns=["variant", "decode_mode", "stage", "seconds"])


#: Seconds between two looks at the memory.
EVERY = 0.1


@dataclass(frozen=True)
class LoadSetup:
    """One way of loading: into which index, with how many processes that sign."""

    variant: Variant
    workers: int


def load(
    client: Client, url: str, one: LoadSetup, files: Path, images: int, run: str
) -> tuple[float, pd.DataFrame]:
    """Load files into a new index, which is deleted afterwards: seconds, and looks at the memory.

    Seconds are from before the workers are started until everything can be searched for.
    ``pss_bytes`` is of the process and its workers, pages shared between them counted once (PSS;
    where the system has none, USS).
    """
    create_index(client, one.variant, run)
    try:
        return _load(url, one, files, images)
    finally:
        delete_index(client, one.variant.index_name, run)


def _load(url: str, one: LoadSetup, files: Path, images: int) -> tuple[float, pd.DataFrame]:
    form = {**one.variant.canonical(), "name": one.variant.index_name}
    request = {"variant": form, "files": str(files), "images": images, "workers": one.workers}
    with subprocess.Popen(
        [sys.executable, "-m", "bench.kinds.speed.loading"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **ONE_THREAD, "ES_URL": url},
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise MeasurementError("the process that loads has no pipes")
        watched = _Watch(process.pid)
        try:
            process.stdin.write(json.dumps(request))
            process.stdin.close()
            answer: dict[str, object] = {}
            for line in process.stdout:
                answer = json.loads(line)
                watched.images = int(str(answer.get("done", watched.images)))
        finally:
            watched.stop()
            if process.poll() is None and "seconds" not in answer:
                process.terminate()
        if process.wait() or "seconds" not in answer:
            raise MeasurementError(f"loading {one.variant.index_name!r} failed; see above for why")
    if answer["documents"] != images:
        raise MeasurementError(
            f"{one.variant.index_name!r} holds {answer['documents']} of {images} images; "
            f"not signed: {answer['failed']}"
        )
    return float(str(answer["seconds"])), pd.DataFrame(watched.rows, columns=_COLUMNS)


_COLUMNS = ["seconds", "images", "processes", "pss_bytes"]


class _Watch:
    """Looks at the memory of a process and its descendants until it is stopped."""

    def __init__(self, pid: int) -> None:
        self.images = 0
        self.rows: list[tuple[float, int, int, int]] = []
        self._root = psutil.Process(pid)
        self._ended = Event()
        self._begun = time.perf_counter()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(EVERY):
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            sizes = [size for process in tree if (size := _memory(process))]
            if not sizes:  # it has just ended
                return
            now = time.perf_counter() - self._begun
            self.rows.append((now, self.images, len(sizes), sum(sizes)))


def _memory(process: psutil.Process) -> int | None:
    try:
        full = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return int(getattr(full, "pss", full.uss))


def measure_throughput(
    client: Client,
    url: str,
    loads: list[LoadSetup],
    files: Path,
    *,
    images: int,
    repetitions: int,
    run: str,
    advance: Callable[[int], object] = lambda done: None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Load in every way, which begin in turn: one row a load, and every look at the memory.

    ``peak_bytes`` is the largest sum of the memory of all processes.
    """
    rows, looks = [], []
    for repetition in range(repetitions):
        for place in range(len(loads)):
            one = loads[(place + repetition) % len(loads)]
            seconds, memory = load(client, url, one, files, images, run)
            of: dict[str, Any] = {
                "variant": one.variant.index_name,
                "workers": one.workers,
                "repetition": repetition,
            }
            took = {"images": images, "seconds": seconds, "images_per_second": images / seconds}
            rows.append({**of, **took, "peak_bytes": int(memory["pss_bytes"].max())})
            looks.append(memory.assign(**of))
            advance(1)
    return pd.DataFrame(rows), pd.concat(looks, ignore_index=True)
