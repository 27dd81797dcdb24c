"""An engine to work with, wherever it runs: for a block of code, or until it is stopped."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Literal, TypeVar

from elasticsearch import ApiError

from bench.engine.catalog import DEFAULT, Distribution
from bench.engine.client import FORBIDDEN, Client, engine_name, explain
from bench.engine.cluster import embedded_cluster, node_folders
from bench.engine.embedded import connect_to
from bench.engine.errors import (
    EngineEndedError,
    EngineStopError,
    EngineUnauthorisedError,
    notice,
)
from bench.engine.external import external_engine
from bench.engine.folder import place
from bench.engine.state import EngineState, read_state, state_file
from datasets.cache import cache_dir

_T = TypeVar("_T")


class Terminated(SystemExit):
    """The process was asked to end; uncaught, it ends with the shell's exit code for that."""


@contextmanager
def terminated_as_exception() -> Iterator[None]:
    """Raise :class:`Terminated` where SIGTERM or SIGHUP arrives; for the main thread.

    A signal that is ignored, as ``nohup`` does with SIGHUP, stays so.

    A second signal ends the process at once: then the engine's supervisor cleans up.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise Terminated(128 + number)

    before = {
        number: signal.signal(number, on_signal)
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class Engine:
    """A healthy engine and the connection to it, which is closed with it.

    It was started here (``embedded``), or runs elsewhere and is shared with others (``external``).
    Its `url` holds no credentials; `lucene` is given where it cannot be asked for its version.
    """

    kind: Literal["embedded", "external"]
    url: str
    client: Client = field(repr=False, compare=False)
    lucene: str | None = None

    @property
    def name(self) -> str:
        """``elasticsearch`` or ``opensearch``."""
        return engine_name(self.client)

    def describe(self) -> dict[str, object]:
        """Ask the cluster what it is, for the record of a measurement.

        Where nodes differ in version, build or JVM, all are named, separated by commas; heap and
        processors are of the node that has the fewest. None is what is not told: to a user without
        the privilege ``monitor``, all but what ``GET /`` says; without that, `EngineError`.
        """
        main = self._main()
        said = main.get("version", {})
        described: dict[str, object] = {
            "kind": self.kind,
            "url": self.url,
            "name": self.name,
            "version": said.get("number"),
            "lucene": self.lucene or said.get("lucene_version"),
            "build_hash": said.get("build_hash"),
            "jvm": None,
            "heap_max_bytes": None,
            "cluster_uuid": main.get("cluster_uuid"),
            "cluster_name": main.get("cluster_name"),
            "nodes": None,
            "processors": None,
        }
        try:
            described |= self._of_nodes()
            described["cluster_uuid"] = self.client.cluster.state(metric="version")["cluster_uuid"]
        except ApiError as error:
            if error.status_code != FORBIDDEN:
                raise
            if described["version"] is None:
                raise EngineUnauthorisedError(
                    f"{self.url} does not tell its version, and figures hold for one version. "
                    f"{explain(error)}."
                ) from None
        return described

    def _of_nodes(self) -> dict[str, object]:
        info = self.client.nodes.info(metric=["jvm", "os"])
        nodes = list(info["nodes"].values())
        return {
            "version": _joined(node["version"] for node in nodes),
            "build_hash": _joined(node["build_hash"] for node in nodes),
            "jvm": _joined(_jvm(node["jvm"]) for node in nodes),
            "heap_max_bytes": min(node["jvm"]["mem"]["heap_max_in_bytes"] for node in nodes),
            "cluster_name": info["cluster_name"],
            "nodes": len(nodes),
            "processors": min(node["os"]["allocated_processors"] for node in nodes),
        }

    def _main(self) -> Mapping[str, Any]:
        try:
            main: Mapping[str, Any] = self.client.info().body
        except ApiError:  # the distribution for embedded use has no "GET /"
            return {}
        return main


def _jvm(told: Mapping[str, Any]) -> str:
    """Name and version, and the options that keep it from its full speed."""
    slow = [one for one in told.get("input_arguments", ()) if "TieredStopAtLevel" in one]
    return " ".join([told["vm_name"], told["vm_version"], *slow])


def _joined(values: Iterator[str]) -> str:
    return ", ".join(sorted(set(values)))


@contextmanager
def open_engine(
    folder: Path,
    *,
    heap: str = "1g",
    keep: bool = False,
    nodes: int = 1,
    distribution: Distribution = DEFAULT,
    env: Mapping[str, str] = os.environ,
    start_timeout: float = 300.0,
    prefix: str = "",
) -> Iterator[Engine]:
    """Give an engine: the cluster that ES_URL names, or else one of our own.

    `prefix` is what the names of the variables begin with that name the cluster.

    An engine of our own has its data in `folder`, and serves the same indices when it is started
    there again. Root's engines run as ``nobody``: where ``nobody`` cannot reach `folder`, a folder
    in the cache stands in for it. Of `env` are read ES_URL, ES_API_KEY, ES_USER, ES_PASSWORD,
    ES_CA_CERTS, ES_VERIFY_CERTS, ES_JAVA_HOME, JAVA_HOME, PATH, and IMGSIG_BENCH_JAVA_OPTIONS:
    options of our own engine's Java beside ours, such as ``-XX:TieredStopAtLevel=1``, with which it
    starts in half the time and is slower ever after.
    """
    if env.get(f"{prefix}ES_URL"):
        with external_engine(env, prefix) as (url, client):
            yield Engine("external", url, client)
        return
    with (
        embedded_cluster(
            folder,
            distribution=distribution,
            nodes=nodes,
            heap=heap,
            keep=keep,
            env=env,
            start_timeout=start_timeout,
        ) as states,
        connect_to(states) as client,
    ):
        yield Engine("embedded", states[0].url, client, states[0].lucene)


def on_engine(
    work: Callable[[Engine], _T],
    folder: Path,
    *,
    env: Mapping[str, str] = os.environ,
    starting: Callable[[], AbstractContextManager[object]] = nullcontext,
    **options: Any,
) -> _T:
    """Do work on an engine, and once more if a server of our own ends meanwhile.

    The second server has the data of the first. Only once, because one that ends again would go on
    ending: mostly it is the memory.
    """

    def once() -> _T:
        with ExitStack() as stack:
            with starting():
                engine = stack.enter_context(open_engine(folder, env=env, **options))
            return work(engine)

    try:
        return once()
    except EngineEndedError as error:
        notice(f"{error}\nIt is restarted once, with the data it had.")
    try:
        return once()
    except EngineEndedError as error:
        raise EngineEndedError(f"It was started again, and ended again. {error}") from error


def start_engine(
    folder: Path,
    heap: str = "1g",
    env: Mapping[str, str] = os.environ,
    *,
    nodes: int = 1,
    distribution: Distribution = DEFAULT,
) -> EngineState:
    """Start an engine that runs on when this process ends; one that does already is left alone."""
    with embedded_cluster(
        folder, distribution=distribution, nodes=nodes, heap=heap, keep=True, env=env
    ):
        pass
    cache = cache_dir()
    first = node_folders(folder, nodes)[0]
    state = read_state(state_file(place(first, cache), cache))
    if state is None:
        raise EngineStopError(f"The engine in {folder} was stopped by another process.")
    return state
