"""Starts the server's process and learns from its output where it listens."""

import ctypes
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from bench.engine.folder import CONSOLE
from bench.engine.run_as import Account
from bench.engine.server_plan import Plan

_BOUND = re.compile(r"AbstractHttpServerTransport\].* publish_address \{(127\.0\.0\.1:\d+)\}")
_TRANSPORT = re.compile(r"\.TransportService +\].* publish_address \{(127\.0\.0\.1:\d+)\}")
_PR_SET_PDEATHSIG = 1  # prctl(2)


def _end_with_parent() -> None:
    # Linux only: if the watching process is killed, the kernel asks the server to stop.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start_server(plan: Plan, account: Account | None) -> subprocess.Popen[bytes]:
    """Start a server in a prepared folder."""
    # Nothing of the caller's environment: it may hold credentials, and it may change the server.
    env = {
        "PATH": os.defpath,
        "HOME": str(plan.folder / "tmp"),
        "LANG": "C.UTF-8",
        "ES_JAVA_HOME": str(plan.java_home),
        "ES_PATH_CONF": str(plan.folder / "config"),
        "ES_TMPDIR": str(plan.folder / "tmp"),
        "CLI_JAVA_OPTS": "-XX:-UsePerfData",  # no files in the machine's /tmp
    }
    console = plan.folder / CONSOLE
    console.unlink(missing_ok=True)
    console.touch(mode=0o600)
    with console.open("ab") as output:
        return subprocess.Popen(
            [plan.home / "bin" / "elasticsearch"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            cwd=plan.folder,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 (the caller has one thread)
        )


def bound_url(folder: Path) -> str | None:
    """Read from the server's output where it listens."""
    found = _BOUND.search((folder / CONSOLE).read_text(errors="replace"))
    return f"http://{found[1]}" if found else None


def transport_address(folder: Path) -> str | None:
    """Read from the server's output where other nodes reach it."""
    console = folder / CONSOLE
    if not console.is_file():
        return None
    found = _TRANSPORT.search(console.read_text(errors="replace"))
    return found[1] if found else None
