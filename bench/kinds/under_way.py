"""A run that is under way, as the kind that executes it sees it."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rich.progress import Progress

from bench.disk.guard import DiskGuard, run_guard
from bench.disk.history import History
from bench.engine import Engine, on_engine
from bench.engine.capabilities import Capabilities, ask_capabilities
from bench.engine.catalog import Distribution, engine_title
from bench.engine.identity import check_same_engine
from bench.index.build import MARK
from bench.index.needs import check_layouts
from bench.kinds.sections import Engine as EngineSection
from bench.runs.config_file import short_hash
from bench.runs.folder import RunFolder, Stopwatch, write_json
from bench.runs.memory import give_back
from bench.signing.dataset import Dataset
from bench.signing.sign import Signed, load_or_sign
from imgsig.layouts import get_layout


@dataclass(frozen=True)
class RunUnderWay:
    """Where a run keeps what it does, what shows and times it, and the engine it works on.

    The folder is locked; ``work`` below it is what the next start takes up. `history` reads what
    earlier runs took, from which sizes are expected. With `keep_engine` the embedded engine runs on
    afterwards, with the indices in it.
    """

    folder: RunFolder
    engine: EngineSection
    progress: Progress
    watch: Stopwatch
    history: Callable[[], History]
    keep_engine: bool = False

    @property
    def work(self) -> Path:
        """Where a killed run is taken up."""
        return self.folder.work

    @property
    def owner(self) -> str:
        """What this run's indices are marked with."""
        return self.folder.owner

    @property
    def engine_path(self) -> Path:
        """Describes the engine, from when nothing is left to do on it."""
        return self.place() / "engine.json"

    def place(self, distribution: Distribution | None = None) -> Path:
        """Where the engine's folder is, and what the run knows of it.

        A kind that works on several engines names the `distribution` of each.
        """
        return self.work if distribution is None else self.work / "engines" / distribution.name

    def bar(self, description: str, total: int) -> Callable[[int], object]:
        """A progress bar; what is returned advances it."""
        return partial(self.progress.advance, self.progress.add_task(description, total=total))

    def sign(
        self,
        dataset: Dataset,
        signature: Mapping[str, Any] = MappingProxyType({}),
        *,
        searches: bool = False,
    ) -> Signed:
        """Sign the collection and its queries, or load what an earlier start has signed."""
        with self.watch.time("sign"):
            folder = self.work / "signed"
            return load_or_sign(dataset, folder, self.progress, signature, searches=searches)

    def check_layouts(self, layouts: Collection[str]) -> None:
        """Refuse layouts that the engine cannot hold, before anything is signed or built.

        A cluster is asked, where a layout needs more than every engine has, and once in a run: it
        goes on with the engine that it began on. What one of the catalog can do is known.
        """
        needs = frozenset[str]().union(*(get_layout(layout).needs for layout in layouts))
        told = self.work / "capabilities.json"
        if not needs or told.is_file():
            return
        if not os.environ.get("ES_URL"):
            distribution = self.engine.distribution
            check_layouts(layouts, Capabilities.of(distribution), distribution.title)
            return

        def ask(engine: Engine) -> None:
            mark = {MARK: {"run": self.owner}}
            probe = f"imgsig-bench-probe-{short_hash(self.owner)}"
            capabilities = ask_capabilities(engine.client, probe, mark, needs)
            check_layouts(layouts, capabilities, engine_title(engine.describe()))
            check_same_engine(engine, self.folder)
            write_json(told, asdict(capabilities))

        self._opened(ask)

    def on_engine(
        self,
        work: Callable[[Engine, DiskGuard], None],
        *,
        unfinished: bool,
        keep: bool = True,
        shards: int = 1,
        replicas: int = 0,
        drop: str = "",
        spread: str = "",
        distribution: Distribution | None = None,
    ) -> None:
        """Do on an engine what is left to do there; once more where a server of our own ends.

        It is the one that the config names, or the embedded one of a `distribution`, see `place`.

        Called again, `work` finds what it has done. Where nothing is unfinished no engine is
        started, unless it is to be kept. Raises `RunError` if the run began on another engine.
        `keep` (whether indices stay until the end), shards, replicas, and what a config says to
        `drop` and `spread` indices are for the guard of the disk.
        """
        place = self.place(distribution)
        described = place / "engine.json"
        if not (self.keep_engine or unfinished or not described.is_file()):
            return

        def guarded(engine: Engine) -> None:
            check_same_engine(engine, self.folder, place)
            told = engine.describe()  # as it was whole: work may end one of its nodes
            guard = run_guard(
                engine,
                place / "engine",
                self.history(),
                self.progress.console,
                nodes=self.engine.nodes,
                floor=self.engine.disk_floor,
                copies=1 + replicas,
                shards=shards,
                keep=keep,
                drop=drop,
                spread=spread,
            )
            give_back()
            work(engine, guard)
            write_json(described, told)

        self._opened(guarded, distribution)

    def _opened(
        self, work: Callable[[Engine], None], distribution: Distribution | None = None
    ) -> None:
        on_engine(
            work,
            self.place(distribution) / "engine",
            starting=partial(self.watch.time, "start engine"),
            distribution=distribution or self.engine.distribution,
            heap=self.engine.heap,
            nodes=self.engine.nodes,
            keep=self.keep_engine,
        )
