"""Who can reach a running engine and what runs leave: from outside, and as another user."""

import ipaddress
import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil

from bench.engine import EngineState, embedded_cluster, engine_status, open_engine
from bench.signing import cache as bench_cache
from imgsig import SignatureConfig
from imgsig.sign_many.cache import SignatureDatabase
from tests.faults.fault import Fault

#: Tried in this order as another user; the server of root's engines is nobody's.
OTHERS = ("daemon", "bin", "games")


def processes(state: EngineState) -> list[psutil.Process]:
    """The process that watches over an engine, and all it has started."""
    supervisor = psutil.Process(state.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def listening(state: EngineState) -> set[tuple[str, int]]:
    """Addresses and ports at which an engine's processes listen."""
    return {
        (connection.laddr.ip, connection.laddr.port)
        for process in processes(state)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN or not connection.raddr
    }


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine alone, also where it is written as IPv6.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::ffff:127.0.0.1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    ip = ipaddress.ip_address(address)
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback


def readable_by(user: str, paths: Sequence[Path]) -> list[Path]:
    """Which of some files and folders another user can read or list."""
    account = pwd.getpwnam(user)
    script = 'for path; do test -r "$path" && echo "$path"; done; true'
    done = subprocess.run(
        ["sh", "-c", script, "sh", *map(str, paths)],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(line) for line in done.stdout.splitlines()]


def other_user() -> str | None:
    """A user who is neither this one nor the server's; None if there is none to become."""
    names = {account.pw_name for account in pwd.getpwall()}
    return next((name for name in OTHERS if name in names and os.geteuid() == 0), None)


def reach_faults(folder: Path) -> Iterator[Fault]:
    """Start one node and a cluster of three; look at their sockets and files from outside."""
    env = {**os.environ}
    with open_engine(folder / "engine", heap="512m", env=env) as engine:
        states = [state for state in engine_status() if state.url == engine.url]
        yield loopback_only(states, 1)
    cluster = embedded_cluster(folder / "cluster", heap="512m", keep=False, nodes=3, env=env)
    with cluster as nodes:
        urls = {node.url for node in nodes}
        states = [state for state in engine_status() if state.url in urls]
        yield loopback_only(states, 3)
        folders = [Path(state.folder) for state in states]
        paths = [path for one in folders for path in (one, *one.rglob("*"))]
        yield private(folder, "its engines", paths, at_least=50)
    cache = SignatureDatabase(folder / "signatures.sqlite")
    cache.put("key", np.zeros(SignatureConfig().length, dtype=np.int8))
    paths = [
        *folder.glob("signatures.sqlite*"),
        bench_cache.PhotographCache.of_user().folder,
    ]
    yield private(folder, "its caches of signatures", paths, at_least=2)
    cache.close()


def loopback_only(states: Sequence[EngineState], nodes: int) -> Fault:
    """Look at the sockets of running nodes."""
    sockets = [at for state in states for at in listening(state)]
    outside = [f"{address}:{port}" for address, port in sockets if not is_loopback(address)]
    return Fault(
        "security",
        f"an engine of {nodes} node{'s' if nodes > 1 else ''} runs",
        "it listens on loopback only (http and transport of each)",
        ", ".join(outside) or f"{len(sockets)} sockets, all of them loopback",
        len(states) == nodes and len(sockets) >= 2 * nodes and not outside,
    )


def private(folder: Path, what: str, paths: Sequence[Path], *, at_least: int) -> Fault:
    """Read files as another user."""
    user = other_user()
    reached = [f"the machine has no user of {OTHERS} that this one can become"]
    if user is not None:
        witness = folder / "for anyone"
        witness.touch()
        witness.chmod(0o644)
        found = readable_by(user, [witness, *paths])
        reached = [path.name for path in found if path != witness and path.suffix != ".lock"]
        reached += [] if witness in found else [f"{user} cannot come near"]
    return Fault(
        "security",
        f"another user ({user}) reads {len(paths)} files and folders of {what}",
        "none can be read",
        ", ".join(reached[:5]) or "none could",
        len(paths) >= at_least and not reached,
    )
