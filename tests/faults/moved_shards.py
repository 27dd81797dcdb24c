"""The shards of a whole run are moved between its nodes, as a cluster that rebalances does."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from elastic_transport import TransportError
from elasticsearch import ApiError

from bench.engine.client import Client
from bench.engine.embedded import connect_to
from bench.runs.errors import BenchError
from tests.faults.fault import Fault
from tests.faults.injection import GROUP
from tests.faults.killed_engine import running_engine
from tests.faults.small_run import (
    differences,
    digests,
    only_run,
    run_bench,
    write_small_experiment,
)

#: Moves of a shard, and seconds between two rounds of them.
MOVES, PAUSE = 8, 1.5
#: Tables of bytes, and by how much the settled ones may differ.
SIZES, APART = {"fields", "variants"}, 0.01


def moved_run(folder: Path) -> Fault:
    """Move the shards of a run on two nodes, and compare its tables with those left alone."""
    config = write_small_experiment(folder, "faults_moved")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("heap: 512m", "heap: 384m, nodes: 2"), encoding="utf-8")
    moved: list[str] = []
    told = False
    try:
        with _shards_moved(folder / "moved", "faults_moved*") as moved:
            done = run_bench("run", config, "--results", folder / "moved")
        # A shard that moves into one segment keeps its copies for recovery: no merge rewrites it.
        if told := "run again to rebuild the index" in done.message:
            done = run_bench("run", config, "--results", folder / "moved")
        alone = run_bench("run", config, "--results", folder / "alone")
        wrong = [f"exit code {one.code}: {one.message}" for one in (done, alone) if one.code]
        if not wrong:
            wrong = _differences(only_run(folder / "alone"), only_run(folder / "moved"))
    except (BenchError, subprocess.TimeoutExpired) as error:
        wrong = [str(error)]
    return Fault(
        GROUP,
        f"shards of a whole run moved to the other of two nodes, {MOVES} times",
        "waited for, or told and built anew by the next start; the hits of a run left alone, its "
        "bytes within a hundredth",
        "; ".join([f"{len(moved)} moved", *(["told"] if told else []), *(wrong or ["so it is"])]),
        len(moved) >= MOVES and not wrong,
    )


def _differences(alone: Path, moved: Path) -> list[str]:
    """Segments of a shard that has moved are cut elsewhere, so that blocks of them are, too."""
    found = set(differences(digests(alone), moved)) - SIZES
    sizes = [pd.read_parquet(run / "variants.parquet")["store_bytes"] for run in (alone, moved)]
    apart = float((sizes[1] / sizes[0] - 1).abs().max())
    return [f"{name} differs" for name in sorted(found)] + (
        [f"bytes differ by {apart:.1%}"] if apart > APART else []
    )


@contextmanager
def _shards_moved(results: Path, indices: str) -> Iterator[list[str]]:
    """Move whatever shard is at rest, from the first index on, until `MOVES` are made."""
    moved: list[str] = []
    over = threading.Event()

    def watch() -> None:
        while len(moved) < MOVES and not over.wait(PAUSE):
            state = running_engine(results)
            if state is not None:
                with connect_to([state]) as client:
                    moved.extend(_moved(client, indices))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield moved
    finally:
        over.set()
        thread.join(30)


def _moved(client: Client, indices: str) -> Iterator[str]:
    try:
        nodes = {one["name"] for one in client.nodes.info(metric=["process"])["nodes"].values()}
        shards = client.cat.shards(index=indices, format="json", h="index,shard,state,node")
        for shard in shards if len(nodes) > 1 else ():
            if shard["state"] != "STARTED":
                continue
            (other,) = nodes - {shard["node"]}
            place = {"index": shard["index"], "shard": int(shard["shard"])}
            command = {**place, "from_node": shard["node"], "to_node": other}
            client.cluster.reroute(commands=[{"move": command}], metric="none")
            yield shard["index"]
    except (ApiError, TransportError):  # not up yet, or a shard that has just begun to move
        return
