"""An engine of one's own: started when it is needed, gone when it is not.

Several nodes are for what one cannot show: that shards change nothing but speed, and that a replica
keeps what a lost node had. They do not get more speed out of one machine.

Nodes find each other by a file of addresses, which they read again whenever they look for others,
so that every node can take any free port.

https://www.elastic.co/docs/deploy-manage/distributed-architecture/discovery-cluster-formation/discovery-hosts-providers
"""

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bench.engine.catalog import DEFAULT, Distribution
from bench.engine.client import wait_until_healthy
from bench.engine.embedded import (
    FULL,
    WatchedServer,
    connect_to,
    ended_as_error,
    left_running,
    make_plan,
)
from bench.engine.errors import (
    EngineBusyError,
    EngineDiskError,
    EngineEndedError,
    EngineError,
    console,
    notice,
)
from bench.engine.folder import CONSOLE, claim, gone_if_interrupted, place, place_notice
from bench.engine.password import ensure_password, write_password
from bench.engine.server import Plan, check_heap, transport_address
from bench.engine.state import EngineState, state_file
from datasets.cache import cache_dir
from imgsig.output_file import replaced

#: With more nodes than this, one machine's memory is what is measured.
MAX_NODES = 9


def node_folders(folder: Path, nodes: int) -> list[Path]:
    """Folders of the nodes of an engine: its own for one node, subfolders of it for more."""
    return [folder] if nodes == 1 else [folder / f"node-{i + 1}" for i in range(nodes)]


@contextmanager
def embedded_cluster(
    folder: Path,
    *,
    distribution: Distribution = DEFAULT,
    nodes: int = 1,
    heap: str,
    keep: bool,
    env: Mapping[str, str] = os.environ,
    start_timeout: float = 300.0,
) -> Iterator[list[EngineState]]:
    """Run servers whose data are in `folder`; those that were kept there are used again.

    To `keep` them is to let them run on afterwards, also after an error, so that one can look at
    them. Ctrl-C and SIGTERM stop them all the same. Those that were kept before are never stopped
    here.
    """
    check_heap(heap)
    is_new = not folder.exists()
    if not 1 <= nodes <= MAX_NODES:
        raise EngineError(f"An engine has 1 to {MAX_NODES} nodes on one machine, not {nodes}.")
    cache = cache_dir()
    with ExitStack() as claims:
        placed = []
        for wanted in node_folders(folder, nodes):
            placed.append(place(wanted, cache))
            place_notice(wanted, placed[-1])
            claims.enter_context(claim(placed[-1]))
        if kept := _kept(folder, placed, cache):
            if kept[0].title != distribution.title:
                raise EngineBusyError(
                    f"{kept[0].title} runs on in {folder}, and {distribution.title} is asked for. "
                    "Stop it with 'imgsig-bench engine stop', or name another folder."
                )
            notice(f"Using the engine that was kept at {kept[0].url} (heap {kept[0].heap}).")
            _wait_until_joined(kept, start_timeout)
            with ended_as_error(kept):
                yield kept
            return
        names = [path.name if nodes > 1 else "" for path in node_folders(folder, nodes)]
        starting = f"Starting {distribution.title}"
        starting += f" on {nodes} nodes" if nodes > 1 else ""
        with ExitStack() as started:
            if is_new:
                started.callback(_remove_empty, folder)
            for path in placed:
                started.enter_context(gone_if_interrupted(path))
            password = _password(distribution, placed)
            plans = [
                make_plan(
                    path,
                    distribution,
                    heap,
                    env,
                    cache,
                    password=password,
                    member=name,
                    members=",".join(names),
                )
                for path, name in zip(placed, names, strict=True)
            ]
            if not console.is_terminal:
                notice(f"{starting}.")
            started.enter_context(console.status(f"{starting} …"))
            servers = _start(plans, start_timeout)
        with _stopped(servers, unless=keep):
            states = [server.state for server in servers]
            with ended_as_error(states):
                yield states


def _password(distribution: Distribution, folders: Sequence[Path]) -> str:
    """One password for all nodes, a file in the folder of each; none where there is no security."""
    if distribution.engine != "elasticsearch":
        return ""
    password = ensure_password(folders[0])
    for folder in folders[1:]:
        write_password(folder, password)
    return password


def _kept(folder: Path, placed: Sequence[Path], cache: Path) -> list[EngineState]:
    """Return the servers that were kept: none, or those of all nodes."""
    found = [left_running(state_file(path, cache)) for path in placed]
    kept = [state for state in found if state is not None]
    if kept and len(kept) < len(placed):
        raise EngineBusyError(
            f"{len(kept)} of the {len(placed)} nodes of the cluster in {folder} run on from "
            "before. Stop them with 'imgsig-bench engine stop', and start again."
        )
    return kept


@contextmanager
def _stopped(servers: Sequence[WatchedServer], *, unless: bool) -> Iterator[None]:
    """Stop servers afterwards, `unless` they are to run on; always if one ended or on Ctrl-C."""
    run_on = False
    try:
        yield
        run_on = unless
    except EngineEndedError:
        raise  # what is left of it is not worth keeping
    except Exception:
        run_on = unless
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
    """Start all nodes at once, for none answers before most have met, and wait until all have."""
    for plan in plans:  # a server that cannot write does not end: it never answers
        if shutil.disk_usage(plan.folder).free < FULL:
            raise EngineDiskError(
                f"The disk of {plan.folder} is full, so {plan.title} cannot start. Make room on "
                "it, or name another disk with --results."
            )
    deadline = time.monotonic() + timeout
    for plan in plans:  # of an earlier start, with other ports in it
        (plan.folder / CONSOLE).unlink(missing_ok=True)
    servers: list[WatchedServer] = []
    try:
        servers.extend(map(WatchedServer, plans))
        _introduce(plans, servers, deadline)
        for server in servers:
            server.wait(max(deadline - time.monotonic(), 0))
        _wait_until_joined([server.state for server in servers], timeout)
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
    if len(plans) == 1:
        return
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
        with connect_to([state]) as client:
            wait_until_healthy(client, seconds)
            while client.cluster.health()["number_of_nodes"] < len(states):
                if time.monotonic() > deadline:
                    raise EngineError(
                        f"The nodes of the cluster at {state.url} did not all meet within "
                        f"{seconds:.0f} seconds. Start it in a new folder."
                    )
                time.sleep(0.2)
