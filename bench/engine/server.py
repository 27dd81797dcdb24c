"""One server: what it is told, how its process starts, and where it says that it listens.

Sources: `jvm.options
<https://www.elastic.co/docs/reference/elasticsearch/jvm-settings>`_ and
`network settings
<https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings>`_.
"""

import ctypes
import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.engine.catalog import titled
from bench.engine.errors import EngineError, EngineFolderError
from bench.engine.folder import CONSOLE, Account, barrier, engine_account
from bench.engine.password import write_users
from imgsig.output_file import replaced

NAME = "imgsig-bench"  # of the cluster, and of an only node
_SUBFOLDERS = ("config", "data", "logs", "tmp")
_HEAP = re.compile(r"[1-9][0-9]*[mg]", re.IGNORECASE)
# Lines of the shipped jvm.options that must go: a module that small Java runtimes lack, and files
# that the server would write in places of its own choosing. OpenSearch's script splits options at
# spaces; its folder for temporary files is given to Java, which reads quoted ones (start_server).
_DROPPED = ("jdk.incubator.vector", "gc.log", "hs_err", "HeapDump", "${OPENSEARCH_TMPDIR}")
_BOUND = re.compile(r"AbstractHttpServerTransport\].* publish_address \{(127\.0\.0\.1:\d+)\}")
_TRANSPORT = re.compile(r"\.TransportService +\].* publish_address \{(127\.0\.0\.1:\d+)\}")
# Elasticsearch would make an index of its built-in roles, and fail for lack of an analysis module.
_NO_ROLES_INDEX = "-Des.queryable_built_in_roles_enabled=false"
_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True)
class Plan:
    """Everything its supervisor needs to start one server.

    The folder is claimed by the sender. `password` is that of `bench.engine.password.USER`, empty
    for an engine without security. `member` is the name of a cluster's node and `members` are those
    of all its nodes, separated by commas; both are empty for an engine of one node. `java_options`
    are further options of its Java, separated by spaces.
    """

    folder: Path
    home: Path
    java_home: Path
    heap: str
    engine: str
    version: str
    lucene: str
    state_file: Path
    password: str = field(default="", repr=False)
    member: str = ""
    members: str = ""
    java_options: str = ""

    @property
    def title(self) -> str:
        """As in ``OpenSearch 3.3.2``."""
        return titled(self.engine, self.version)

    def to_line(self) -> str:
        """Return the plan as one line of JSON."""
        return json.dumps({name: str(value) for name, value in dataclasses.asdict(self).items()})

    @classmethod
    def from_line(cls, line: str) -> "Plan":
        """Read what :meth:`to_line` wrote."""
        values = json.loads(line)
        for name in ("folder", "home", "java_home", "state_file"):
            values[name] = Path(values[name])
        return cls(**values)


def check_heap(heap: str) -> str:
    """Check the size of the server's heap: a whole number and ``m`` or ``g``, as for ``-Xmx``.

    >>> check_heap("512m")
    '512m'
    """
    if not _HEAP.fullmatch(heap):
        raise EngineError(
            f"The heap {heap!r} is not a size: give a whole number and m or g, for example '1g'."
        )
    return heap


def settings(plan: Plan) -> dict[str, Any]:
    """Return the settings of a server."""
    discovery: dict[str, Any] = {"node.name": NAME, "discovery.type": "single-node"}
    if plan.member:
        # Nodes find each other by a file that is written once their ports are known, see
        # bench.engine.cluster.
        chosen_from = "master" if plan.engine == "elasticsearch" else "cluster_manager"
        discovery = {
            "node.name": plan.member,
            "discovery.seed_hosts": [],
            "discovery.seed_providers": "file",
            f"cluster.initial_{chosen_from}_nodes": plan.members.split(","),
        }
    # OpenSearch has its security in a plugin, which is not there, and knows no such setting.
    security = {"xpack.security.enabled": True} if plan.engine == "elasticsearch" else {}
    return discovery | {
        "cluster.name": NAME,
        "path.data": str(plan.folder / "data"),
        "path.logs": str(plan.folder / "logs"),
        # Loopback only, on ports that are free; the server says in its log which it got.
        "http.host": "127.0.0.1",
        "transport.host": "127.0.0.1",
        "http.port": 0,
        "transport.port": 0,
        # By default a disk that is 90 % full stops the allocation of shards. That protects a
        # cluster's other nodes; here there are none, and small indices fit on a full disk.
        "cluster.routing.allocation.disk.threshold_enabled": False,
        **security,
    }


def jvm_options(shipped: str) -> str:
    r"""Drop the lines of the shipped ``jvm.options`` that an embedded server cannot use.

    >>> jvm_options("-XX:+UseG1GC\n20-:--add-modules=jdk.incubator.vector\n")
    '-XX:+UseG1GC\n'
    """
    lines = shipped.splitlines(keepends=True)
    return "".join(line for line in lines if not any(word in line for word in _DROPPED))


def write_config(plan: Plan) -> None:
    """Write the server's ``config`` folder anew."""
    config = plan.folder / "config"
    shutil.rmtree(config, ignore_errors=True)
    (config / "jvm.options.d").mkdir(mode=0o700, parents=True)
    shipped = plan.home / "config"
    (config / "jvm.options").write_text(jvm_options((shipped / "jvm.options").read_text()))
    own = [f"-Xms{plan.heap}", f"-Xmx{plan.heap}", "-XX:-UsePerfData", _NO_ROLES_INDEX]
    own += plan.java_options.split()
    (config / "jvm.options.d" / "own.options").write_text("".join(f"{one}\n" for one in own))
    (config / "log4j2.properties").write_bytes((shipped / "log4j2.properties").read_bytes())
    # JSON is YAML: quoting a path with any sign in it is left to a library.
    lines = [f"{name}: {json.dumps(value)}\n" for name, value in settings(plan).items()]
    (config / f"{plan.engine}.yml").write_text("".join(lines), encoding="utf-8")
    if plan.password:
        write_users(config, plan.password)


def prepare(plan: Plan) -> Account | None:
    """Make an engine's folder ready for its server to start; its data stay."""
    account, folder = engine_account(), plan.folder
    owner = account.uid if account else os.geteuid()
    folder.chmod(0o711 if account else 0o700)
    blocked = barrier(folder, account)
    if blocked is not None and account is not None:
        raise EngineFolderError(
            f"The server runs as the user {account.name!r}, who may not enter {blocked} on the way "
            f"to {folder}. Make it searchable for others (chmod o+x), or name another folder."
        )
    for name in _SUBFOLDERS:
        if (folder / name).is_symlink():
            raise EngineFolderError(
                f"{folder / name} is a symbolic link, and an engine changes nothing outside of its "
                "own folder: delete the link, or name another folder."
            )
    _check_data(plan)
    write_config(plan)
    for name in _SUBFOLDERS:
        inside = folder / name
        existed = inside.is_dir()
        inside.mkdir(mode=0o700, exist_ok=True)
        if existed and name != "config" and inside.stat().st_uid != owner:
            raise EngineFolderError(
                f"{inside} belongs to user id {inside.stat().st_uid}, and the server would run as "
                f"user id {owner}. Start it as the user who made it, or name another folder."
            )
        inside.chmod(0o700)
        if account:
            _hand_over(inside, account, deep=name == "config")
    return account


def _check_data(plan: Plan) -> None:
    """No server reads another engine's data or a later version's, and a newer one upgrades old."""
    written_by = plan.folder / "engine.txt"
    if (plan.folder / "data").is_dir():
        before = written_by.read_text(encoding="utf-8").strip() if written_by.is_file() else ""
        if before != plan.title:
            raise EngineFolderError(
                f"The data in {plan.folder} are of {before or 'an earlier version of this program'}"
                f", and this is {plan.title}. Name another folder, or delete it."
            )
        return
    with replaced(written_by) as file:  # half of it would bar these data for ever
        os.fchmod(file.fileno(), 0o600)
        file.write(f"{plan.title}\n".encode())


def _hand_over(folder: Path, account: Account, *, deep: bool) -> None:
    for path in [folder, *(folder.rglob("*") if deep else ())]:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def java_option(option: str) -> str:
    """Quote an option as Java reads it from JDK_JAVA_OPTIONS: nothing is escaped within quotes.

    https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html

    >>> print(java_option("-Djava.io.tmpdir=/it's here"))
    -Djava.io.tmpdir=/it"'"s" "here
    """
    return "".join(
        {"'": '"\'"', '"': "'\"'"}.get(sign, f'"{sign}"' if sign.isspace() else sign)
        for sign in option
    )


def _end_with_parent() -> None:
    # Linux only: if the watching process is killed, the kernel asks the server to stop.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start_server(plan: Plan, account: Account | None) -> subprocess.Popen[bytes]:
    """Start a server in a prepared folder."""
    # Nothing of the caller's environment: it may hold credentials, and it may change the server.
    prefix = "ES" if plan.engine == "elasticsearch" else "OPENSEARCH"
    env = {
        "PATH": os.defpath,
        "HOME": str(plan.folder / "tmp"),
        "LANG": "C.UTF-8",
        f"{prefix}_JAVA_HOME": str(plan.java_home),
        f"{prefix}_PATH_CONF": str(plan.folder / "config"),
        f"{prefix}_TMPDIR": str(plan.folder / "tmp"),
        # Of the launcher: no files in the machine's /tmp, and no compiling for the long run.
        "CLI_JAVA_OPTS": "-XX:-UsePerfData -XX:TieredStopAtLevel=1",
    }
    if plan.engine == "opensearch":
        env["JDK_JAVA_OPTIONS"] = java_option(f"-Djava.io.tmpdir={plan.folder / 'tmp'}")
    console = plan.folder / CONSOLE
    console.unlink(missing_ok=True)
    console.touch(mode=0o600)
    with console.open("ab") as output:
        return subprocess.Popen(
            [plan.home / "bin" / plan.engine],
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
