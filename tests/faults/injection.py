"""A fault of Elasticsearch as data, and how it is injected into real work."""

import re
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd
from click.testing import CliRunner

from bench.cli.session import errors_explained
from bench.engine import Engine, open_engine
from bench.engine.client import Client
from bench.index.storage import read_size
from bench.index.variant import Variant
from bench.kinds.variant_state import VariantState, build, search
from bench.signing.sign import Signed
from tests.faults.fault import Fault
from tests.faults.http_proxy import Proxy, Rule
from tests.shared import WORKER, reached_at

GROUP = "elasticsearch"
#: The index that faults are met on, and the run that builds it.
INDEX, RUN = f"faults_probe{WORKER}", "faults-probe"
DOCUMENTS, QUERIES, SIZE = 1_200, 10, 20


@dataclass(frozen=True)
class Site:
    """Where faults are injected.

    Parameters
    ----------
    engine : Engine
        Straight to it.
    proxy : Proxy
        Through which the harness sees it.
    folder : Path
        For what is remembered of the work.
    """

    engine: Engine
    proxy: Proxy
    folder: Path

    @property
    def client(self) -> Client:
        """Straight to the engine."""
        return self.engine.client

    @property
    def env(self) -> dict[str, str]:
        """An environment that leads to the proxy."""
        return reached_at(self.proxy.url, self.engine)

    def clear(self) -> None:
        """Delete the index, whatever state it is in."""
        self.client.indices.delete(index=INDEX, ignore_unavailable=True)


Work = Callable[[Site], object]


def probe_signed(documents: int = DOCUMENTS) -> Signed:
    """Signatures by chance, the first of them as queries."""
    database = np.random.default_rng(0).integers(-2, 3, (documents, 648), dtype=np.int8)
    queries = pd.DataFrame({"query": np.arange(QUERIES), "status": "ok"})
    return Signed(pd.DataFrame(), queries, database, database[:QUERIES], {})


def probe_state(folder: Path) -> VariantState:
    """The variant that is built, in a folder of its own."""
    variant = Variant(20, 4, {"id": "base62"}, layout="tagged_column", name=INDEX)
    return VariantState(variant, folder, RUN)


def build_and_search(engine: Engine, folder: Path, *, patience: float = 60.0) -> str:
    """Build an index and search it, as a run does: every count and every hit is verified."""
    client, state, signed = engine.client, probe_state(folder), probe_signed()
    client = client.options(request_timeout=patience)
    build(client, state, signed, lambda done: None)
    documents = read_size(client, INDEX).documents
    search(client, state, signed, SIZE, lambda done: None)
    hits = state.verification.hits if state.verification else 0
    return f"{documents:,} documents, {hits:,} hits verified"


def probe(site: Site, *, patience: float = 60.0) -> str:
    """`build_and_search` on the engine that the proxy stands before, in a new folder."""
    with (
        tempfile.TemporaryDirectory(dir=site.folder) as folder,
        open_engine(site.folder, env=site.env) as engine,
    ):
        return build_and_search(engine, Path(folder), patience=patience)


WHOLE = f"{DOCUMENTS:,} documents, {QUERIES * SIZE} hits verified"


@dataclass(frozen=True)
class Injection:
    """A fault, and what it must lead to.

    Parameters
    ----------
    injected : str
        What is done.
    rules : tuple of Rule
        What the proxy does.
    message : str
        Regular expression that is found in the error message; "" where the work must succeed.
    expected : str
        What must happen, in words; by default made from `message`.
    work : callable
        What is worked at meanwhile; it returns what was done.
    also : callable, optional
        Called before, with the site; undone by deleting `INDEX`.
    """

    injected: str
    rules: tuple[Rule, ...] = ()
    message: str = ""
    expected: str = ""
    work: Work = probe
    also: Work | None = None


def inject(site: Site, injection: Injection) -> Fault:
    """Inject a fault into work, and see what comes of it.

    Returns
    -------
    Fault
        As expected if the work is done and verified, or the error says what must be in it, with
        exit code 1 and without a traceback; and if the fault was met at all.
    """
    site.clear()
    site.proxy.use()
    if injection.also is not None:
        injection.also(site)
    site.proxy.use(*injection.rules)
    code, said = outcome(lambda: injection.work(site))
    site.proxy.settle()
    met = site.proxy.injected > 0 or not injection.rules
    site.proxy.use()
    site.clear()
    if injection.message:
        ok = code == 1 and re.search(injection.message, said, re.DOTALL) is not None
    else:
        ok = code == 0
    happened = said if met else f"the fault was not met: {said}"
    expected = injection.expected or (
        "an error that names cause and remedy" if injection.message else "survived; all verified"
    )
    return Fault(GROUP, injection.injected, expected, happened, ok and met)


def outcome(work: Callable[[], object]) -> tuple[int, str]:
    """Exit code and last words of work that a command of ``imgsig-bench`` does."""
    done: list[object] = []

    @click.command()
    def command() -> None:
        with errors_explained(quiet=True, goes_on=True):
            done.append(work())

    result = CliRunner().invoke(command, [])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return 70, "".join(traceback.format_exception(result.exception))[-1500:]
    said = str(done[0]) if done else " ".join(result.stderr.split())
    return result.exit_code, said.removeprefix("imgsig-bench: ")
