"""The guard of a run's disk, from the engine it runs on and the runs beside it."""

from functools import partial
from pathlib import Path

from rich.console import Console

from bench.disk.guard import DiskGuard
from bench.disk.history import History
from bench.disk.room import engine_room
from bench.engine import Engine


def run_guard(
    engine: Engine,
    engine_folder: Path,
    history: History,
    console: Console,
    *,
    nodes: int = 1,
    floor: str | None = None,
    copies: int = 1,
    shards: int = 1,
    keep: bool = True,
) -> DiskGuard:
    """What keeps a run from filling the disk.

    Parameters
    ----------
    engine : Engine
        Where indices are built.
    engine_folder : Path
        Of an embedded engine.
    history : History
        Of earlier runs, from which sizes are expected.
    console : Console
        Where notices are shown.
    nodes, floor
        As in `bench.disk.room.engine_room`.
    copies : int
        Of each document: one, and the replicas.
    shards : int
        Of each index.
    keep : bool
        Whether indices stay until the end.

    Returns
    -------
    DiskGuard
    """

    def notice(sentence: str) -> None:
        console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    return DiskGuard(
        room=partial(engine_room, engine, engine_folder, nodes, floor, shards * copies),
        history=history,
        copies=copies,
        keep=keep,
        notice=notice,
    )
