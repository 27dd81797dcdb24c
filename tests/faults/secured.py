"""A secured Elasticsearch as others run it: TLS, users of their own, roles of a ``roles.yml``.

It is the embedded distribution, started without the harness' supervisor: nothing of the harness
knows its users, so that all must be told it by the environment.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from bench.engine.catalog import DEFAULT
from bench.engine.client import Client, connect, wait_until_healthy
from bench.engine.embedded import make_plan
from bench.engine.folder import CONSOLE, place
from bench.engine.password import OWN_ROLE, USER, write_users
from bench.engine.server import bound_url, prepare, start_server
from bench.engine.state import GRACE, stop_tree
from bench.runs.environment import ROOT
from datasets.cache import cache_dir

HOW_TO = ROOT / "docs" / "how-to" / "own-cluster.md"
PASSWORD = "secured-pass-7d2e"  # noqa: S105 (of every user here)

#: Roles that lack something of what those in the how-to have.
LESSER = """
one_index:
  cluster: [monitor]
  indices:
    - {names: [refused_array], privileges: [monitor, read, view_index_metadata]}
no_create:
  cluster: [monitor]
  indices:
    - {names: ["refused_*"], privileges: [monitor, read, write, view_index_metadata]}
no_read:
  cluster: [monitor]
  indices:
    - {names: ["refused_*"], privileges: [manage, write]}
no_write:
  cluster: [monitor]
  indices:
    - {names: ["refused_*"], privileges: [manage, read]}
no_monitor:
  indices:
    - {names: ["refused_*"], privileges: [manage, read, write]}
little_monitor:
  cluster: ["cluster:monitor/nodes/info"]
  indices:
    - {names: ["refused_*"], privileges: [manage, read, write]}
nothing: {cluster: []}
# What docs/how-to/production.md says that an account needs.
pictures:
  indices:
    - names: [catalogue]
      privileges: [read, write, view_index_metadata, maintenance, create_index, monitor]
"""


def roles_of_how_to() -> str:
    """The ``roles.yml`` that the how-to shows, word for word."""
    found = re.findall(r"<!-- roles -->\n\n```yaml\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    (text,) = found
    return str(text)


@dataclass(frozen=True)
class Secured:
    """Where it is, who signed its certificate, and a client that may do everything."""

    url: str
    ca_certs: Path
    client: Client
    logs: Path

    def env(self, user: str, password: str = PASSWORD) -> dict[str, str]:
        """The environment of one of its users."""
        return {
            "ES_URL": self.url,
            "ES_USER": user,
            "ES_PASSWORD": password,
            "ES_CA_CERTS": str(self.ca_certs),
        }


@contextmanager
def secured_cluster(folder: Path, env: Mapping[str, str] = os.environ) -> Iterator[Secured]:
    """Start one in a folder, with a user for each role, named as it is."""
    cache, roles = cache_dir(), roles_of_how_to() + LESSER
    placed = place(folder / "secured", cache)
    placed.mkdir(exist_ok=True)
    plan = make_plan(placed, DEFAULT, "512m", env, cache, password=PASSWORD)
    account, config = prepare(plan), placed / "config"
    authority, ca_certs = trustme.CA(), folder / "authority.pem"
    authority.cert_pem.write_to_path(str(ca_certs))
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(str(config / "http.key"))
    certificate.cert_chain_pems[0].write_to_path(str(config / "http.crt"))
    (config / "roles.yml").write_text(roles, encoding="utf-8")
    names = re.findall(r"^(\w+):", roles, re.MULTILINE)
    write_users(config, PASSWORD, OWN_ROLE | {name: name for name in names})
    with (config / "elasticsearch.yml").open("a", encoding="utf-8") as settings:
        for name, value in (("enabled", "true"), ("key", "http.key"), ("certificate", "http.crt")):
            settings.write(f"xpack.security.http.ssl.{name}: {value}\n")
    if account:
        for path in config.iterdir():
            os.chown(path, account.uid, account.gid)
    process = start_server(plan, account)
    try:
        url = _await_bound(placed, process).replace("http:", "https:")
        options = {"basic_auth": (USER, PASSWORD), "ca_certs": str(ca_certs)}
        with connect(url, **options) as client:
            wait_until_healthy(client, 60)
            yield Secured(url, ca_certs, client, placed / "logs")
    finally:
        stop_tree(process.pid, GRACE)
        process.wait(10)


def _await_bound(folder: Path, process: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + 400
    while process.poll() is None and time.monotonic() < deadline:
        if url := bound_url(folder):
            return url
        time.sleep(0.1)
    raise RuntimeError(f"it did not start: {(folder / CONSOLE).read_text()[-2000:]}")
