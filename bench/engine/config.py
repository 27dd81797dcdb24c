"""What the embedded server is told: its settings and the options of its Java machine.

Sources: `jvm.options
<https://www.elastic.co/guide/en/elasticsearch/reference/8.18/advanced-configuration.html>`_ and
`network settings
<https://www.elastic.co/guide/en/elasticsearch/reference/8.18/modules-network.html>`_.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

from bench.engine.errors import EngineError

NAME = "imgsig-bench"  # of the cluster and its one node
_HEAP = re.compile(r"[1-9][0-9]*[mg]", re.IGNORECASE)

# Lines of the shipped jvm.options that must go: a module that small Java runtimes lack, and files
# that the server would write in places of its own choosing.
_DROPPED = ("jdk.incubator.vector", "gc.log", "hs_err", "HeapDump")


def check_heap(heap: str) -> str:
    """Check the size of the server's heap.

    Parameters
    ----------
    heap : str
        A whole number and ``m`` or ``g``, as Java's ``-Xmx`` takes it.

    Examples
    --------
    >>> check_heap("512m")
    '512m'
    """
    if not _HEAP.fullmatch(heap):
        raise EngineError(
            f"The heap {heap!r} is not a size: give a whole number and m or g, for example '1g'."
        )
    return heap


def settings(folder: Path, member: str = "", members: str = "") -> dict[str, Any]:
    """Return the settings of the server whose files are in `folder`."""
    discovery: dict[str, Any] = {"node.name": NAME, "discovery.type": "single-node"}
    if member:
        # Nodes find each other by a file that is written once their ports are known, see
        # bench.engine.cluster.
        discovery = {
            "node.name": member,
            "discovery.seed_hosts": [],
            "discovery.seed_providers": "file",
            "cluster.initial_master_nodes": members.split(","),
        }
    return discovery | {
        "cluster.name": NAME,
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        # Loopback only, on ports that are free; the server says in its log which it got.
        "http.host": "127.0.0.1",
        "transport.host": "127.0.0.1",
        "http.port": 0,
        "transport.port": 0,
        "xpack.security.enabled": False,
        # By default a disk that is 90 % full stops the allocation of shards. That protects a
        # cluster's other nodes; here there are none, and small indices fit on a full disk.
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }


def jvm_options(shipped: str) -> str:
    r"""Drop the lines of the shipped ``jvm.options`` that an embedded server cannot use.

    Examples
    --------
    >>> jvm_options("-XX:+UseG1GC\n20-:--add-modules=jdk.incubator.vector\n")
    '-XX:+UseG1GC\n'
    """
    lines = shipped.splitlines(keepends=True)
    return "".join(line for line in lines if not any(word in line for word in _DROPPED))


def write_config(folder: Path, home: Path, heap: str, member: str = "", members: str = "") -> None:
    """Write the server's ``config`` folder anew."""
    config = folder / "config"
    shutil.rmtree(config, ignore_errors=True)
    (config / "jvm.options.d").mkdir(mode=0o700, parents=True)
    shipped = home / "config"
    (config / "jvm.options").write_text(jvm_options((shipped / "jvm.options").read_text()))
    (config / "jvm.options.d" / "heap.options").write_text(
        f"-Xms{heap}\n-Xmx{heap}\n-XX:-UsePerfData\n"
    )
    (config / "log4j2.properties").write_bytes((shipped / "log4j2.properties").read_bytes())
    # JSON is YAML: quoting a path with any sign in it is left to a library.
    lines = [
        f"{name}: {json.dumps(value)}\n"
        for name, value in settings(folder, member, members).items()
    ]
    (config / "elasticsearch.yml").write_text("".join(lines), encoding="utf-8")
