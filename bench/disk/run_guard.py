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
    """What keeps a run from filling the disk."""

    def notice(sentence: str) -> None:
        console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    return DiskGuard(
        room=partial(engine_room, engine, engine_folder, nodes, floor, shards * copies),
        history=history,
        copies=copies,
        keep=keep,
        notice=notice,
    )
