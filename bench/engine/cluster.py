"""Several servers of one's own that form a cluster on this machine.

For what one node cannot show: that shards change nothing but speed, and that a replica saves what a
lost node had. It is no way to get more speed out of one machine.

Nodes find each other by a file of addresses, which Elasticsearch reads again whenever it looks for
others (`seed hosts providers
<https://www.elastic.co/guide/en/elasticsearch/reference/8.18/discovery-hosts-providers.html>`_), so
that every node can take any free port.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bench.engine.client import connect, wait_until_healthy
from bench.engine.embedded import WatchedServer, left_running, make_plan
from bench.engine.errors import EngineBusyError, EngineEndedError, EngineError, notice
from bench.engine.folder import CONSOLE, claim, gone_if_interrupted, place, place_notice
from bench.engine.server import Plan, check_heap, transport_address
from bench.engine.state import EngineState, ended_as_error, state_file
from datasets.cache import cache_dir
from imgsig.output_file import replaced

#: More nodes than this on one machine measure its memory.
MAX_NODES = 9


def node_folders(folder: Path, nodes: int) -> list[Path]:
    """Folders of the nodes of an engine: its own for one node, subfolders of it for more."""
    return [folder] if nodes == 1 else [folder / f"node-{i + 1}" for i in range(nodes)]


@contextmanager
def embedded_cluster(
    folder: Path,
    *,
    nodes: int,
    heap: str,
    keep: bool,
    env: Mapping[str, str] = os.environ,
    start_timeout: float = 180.0,
) -> Iterator[list[EngineState]]:
    """Run a cluster whose data are in subfolders of `folder`; one that was kept is used again."""
    check_heap(heap)
    is_new = not folder.exists()
    if not 2 <= nodes <= MAX_NODES:
        raise EngineError(f"A cluster has 2 to {MAX_NODES} nodes on one machine, not {nodes}.")
    cache = cache_dir()
    with ExitStack() as claims:
        placed = []
        for wanted in node_folders(folder, nodes):
            placed.append(place(wanted, cache))
            place_notice(wanted, placed[-1])
            claims.enter_context(claim(placed[-1]))
        found = [left_running(state_file(path, cache)) for path in placed]
        kept = [state for state in found if state is not None]
        if kept and len(kept) < nodes:
            raise EngineBusyError(
                f"{len(kept)} of the {nodes} nodes of the cluster in {folder} run on from before. "
                "Stop them with 'imgsig-bench engine stop', and start again."
            )
        if kept:
            notice(f"Using the cluster that was kept at {kept[0].url}.")
            _wait_until_joined(kept, start_timeout)
            with ended_as_error(kept):
                yield kept
            return
        names = ",".join(path.name for path in node_folders(folder, nodes))
        plans = [
            make_plan(path, heap, env, cache, member=name, members=names)
            for path, name in zip(placed, names.split(","), strict=True)
        ]
        notice(f"Starting {nodes} nodes of Elasticsearch {plans[0].version}.")
        with ExitStack() as starting:
            if is_new:
                starting.callback(_remove_empty, folder)
            for path in placed:
                starting.enter_context(gone_if_interrupted(path))
            servers = _start(plans, start_timeout)
        run_on = False
        try:
            states = [server.state for server in servers]
            _wait_until_joined(states, start_timeout)
            with ended_as_error(states):
                yield states
            run_on = keep
        except EngineEndedError:
            raise  # a part of it is nothing to keep
        except Exception:
            run_on = keep
            raise
        finally:
            if run_on:
                for server in servers:
                    server.keep()
            else:
                _stop(servers)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # it is not empty where all went well
        folder.rmdir()


def _start(plans: Sequence[Plan], timeout: float) -> list[WatchedServer]:
    """Start all nodes at once: none answers before a majority has met."""
    deadline = time.monotonic() + timeout
    for plan in plans:  # of an earlier start, with other ports in it
        (plan.folder / CONSOLE).unlink(missing_ok=True)
    servers: list[WatchedServer] = []
    try:
        servers.extend(map(WatchedServer, plans))
        _introduce(plans, servers, deadline)
        for server in servers:
            server.wait(max(deadline - time.monotonic(), 0))
    except BaseException:
        _stop(servers)
        raise
    return servers


def _stop(servers: Sequence[WatchedServer]) -> None:
    for server in servers:  # all at once
        server.let_go()
    for server in servers:
        server.stop()


def _introduce(plans: Sequence[Plan], servers: Sequence[WatchedServer], deadline: float) -> None:
    """Write every node's address into every node's file as soon as they are known."""
    while time.monotonic() < deadline and not any(server.has_ended for server in servers):
        addresses = [transport_address(plan.folder) for plan in plans]
        known = [address for address in addresses if address is not None]
        if len(known) == len(plans):
            for plan in plans:
                path = plan.folder / "config" / "unicast_hosts.txt"
                with replaced(path) as file:
                    file.write("\n".join(known).encode() + b"\n")
                    os.fchmod(file.fileno(), 0o644)
            return
        time.sleep(0.1)


def _wait_until_joined(states: Sequence[EngineState], seconds: float) -> None:
    """Wait until every node knows every other."""
    deadline = time.monotonic() + seconds
    for state in states:
        with connect(state.url) as client:
            wait_until_healthy(client, seconds)
            while client.cluster.health()["number_of_nodes"] < len(states):
                if time.monotonic() > deadline:
                    raise EngineError(
                        f"The nodes of the cluster at {state.url} did not all meet within "
                        f"{seconds:.0f} seconds. Start it on a new folder."
                    )
                time.sleep(0.2)
