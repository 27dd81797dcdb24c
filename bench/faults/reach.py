"""Who can reach a running engine and what runs leave: from outside, and as another user."""

import ipaddress
import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from bench.engine import EngineState, embedded_cluster, engine_status
from bench.faults.fault import Fault
from bench.faults.setting import Setting

#: Tried in this order as another user; the server of root's engines is nobody's.
OTHERS = ("daemon", "bin", "games")


def listening(state: EngineState) -> set[tuple[str, int]]:
    """Addresses and ports at which an engine's processes listen.

    Parameters
    ----------
    state : EngineState
        Of the engine.

    Returns
    -------
    set of (str, int)
    """
    supervisor = psutil.Process(state.pid)
    return {
        (connection.laddr.ip, connection.laddr.port)
        for process in (supervisor, *supervisor.children(recursive=True))
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
    """Which of some files and folders another user can read or list.

    Parameters
    ----------
    user : str
        Name; this process must be root's.
    paths : sequence of Path
        Looked at.

    Returns
    -------
    list of Path
    """
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


def reach_faults(setting: Setting) -> Iterator[Fault]:
    """Start a cluster of two nodes; look at its sockets, and at its files as another user.

    Parameters
    ----------
    setting : Setting
        Its folder gets the engines.

    Yields
    ------
    Fault
    """
    folder = setting.folder / "engine"
    with embedded_cluster(folder, heap="512m", keep=False, nodes=2, env={**os.environ}) as nodes:
        urls = {node.url for node in nodes}
        states = [state for state in engine_status() if state.url in urls]
        sockets = [at for state in states for at in listening(state)]
        outside = [f"{address}:{port}" for address, port in sockets if not is_loopback(address)]
        yield Fault(
            "security",
            "a cluster of two nodes runs",
            "it listens on loopback only (http and transport of each)",
            ", ".join(outside) or f"{len(sockets)} sockets, all of them loopback",
            len(states) == 2 and len(sockets) >= 4 and not outside,
        )
        yield _private([Path(state.folder) for state in states])


def _private(folders: Sequence[Path]) -> Fault:
    user = other_user()
    paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    reached = [f"the machine has no user of {OTHERS} that this one can become"]
    if user is not None:
        reached = [path.name for path in readable_by(user, paths) if path.suffix != ".lock"]
    return Fault(
        "security",
        f"another user ({user}) reads {len(paths)} files and folders of its engines",
        "none can be read",
        ", ".join(reached[:5]) or "none could",
        len(paths) > 50 and not reached,
    )
