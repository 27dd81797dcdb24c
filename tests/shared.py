"""What all processes of a test run share: one engine, and what is made once.

``pytest -n`` runs tests in several processes. The first that needs the engine starts it, and stops
it after the others have ended. Locks are the system's: a process that is killed holds none, its
engine ends with it, and whoever asks next starts another.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bench.engine import Engine, EngineState, engine_status, open_engine
from bench.engine.catalog import DEFAULT, find_distribution
from bench.engine.client import Client, connect, streaming_bulk
from bench.engine.embedded import connect_to
from bench.engine.external import settings_from

#: Which process this is: part of the names that no other may use.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

#: The engine that the tests use: IMGSIG_TEST_ENGINE, such as ``opensearch-3.3.2``, or the default.
DISTRIBUTION = find_distribution(*os.environ.get("IMGSIG_TEST_ENGINE", DEFAULT.name).split("-"))

#: What it calls the error of a document that its mapping does not take.
REFUSED_DOCUMENT = {
    "elasticsearch": "document_parsing_exception",
    "opensearch": "mapper_parsing_exception",
}[DISTRIBUTION.engine]

#: Seconds; machines are shared.
STARTED = 400.0


def credentials(url: str) -> tuple[str, str]:
    """User and password of the embedded engine at a URL."""
    state = next(one for one in engine_status() if one.url == url)
    if state.credentials is None:
        raise AssertionError(f"the engine at {url} has no password")
    return state.credentials


def reached_at(url: str, engine: Engine) -> dict[str, str]:
    """Settings that reach an embedded engine at another address, such as a proxy's."""
    state = next(one for one in engine_status() if one.url == engine.url)
    user, password = state.credentials or ("", "")
    return {"ES_URL": url, "ES_USER": user, "ES_PASSWORD": password}


def client_at(url: str, engine: Engine) -> Client:
    """A client of an embedded engine that is reached at another address."""
    settings = settings_from(reached_at(url, engine))
    return connect(settings.url, engine=engine.name, **settings.options(engine.name))


def as_applications(client: Client) -> Any:
    """The client that an application has: of OpenSearch, without what adapts it to the harness."""
    return getattr(client, "inner", client)


def bulk(client: Client, actions: Iterable[dict[str, Any]], **options: Any) -> None:
    """Send actions with the helper of the client's own library, which takes no other client."""
    for _ in streaming_bulk(client, actions, **options):
        pass


class Shared:
    """A folder of the test run, and what this process holds of it until it ends.

    The folder is outside of pytest's own, which only their owner may enter: root's engines run as
    ``nobody``. The space in its name is on purpose.

    Parameters
    ----------
    folder : str, optional
        Made by the process that started this one; by default this one makes it.
    """

    def __init__(self, folder: str | None) -> None:
        self._made = None
        if folder is None:
            self._made = tempfile.TemporaryDirectory(
                prefix="imgsig engine ", ignore_cleanup_errors=True
            )
            folder = self._made.name
        self.folder = Path(folder)
        self.folder.chmod(0o711)
        self._used = ExitStack()
        self._is_owner = False

    @property
    def engine_folder(self) -> Path:
        """Folder of the engine."""
        return self.folder / "own"

    def engine(self, env: Mapping[str, str]) -> Engine:
        """Start the engine, or connect to the one that runs."""
        known = self.folder / "engine.json"
        with self._lock("engine"), ExitStack() as opened:
            opened.enter_context(self._lock(f"user-{os.getpid()}"))
            owner = self._lock("owner")
            try:
                opened.enter_context(owner.acquire(timeout=0))
            except Timeout:
                state = EngineState(**json.loads(known.read_text()))
                client = opened.enter_context(connect_to([state]))
                engine = Engine("embedded", state.url, client, state.lucene)
            else:
                engine = opened.enter_context(
                    open_engine(
                        self.engine_folder,
                        heap="1g",
                        env=env,
                        distribution=DISTRIBUTION,
                        start_timeout=STARTED,
                    )
                )
                state = next(one for one in engine_status() if one.url == engine.url)
                known.write_text(json.dumps(asdict(state)))
                self._is_owner = True
            self._used = opened.pop_all()
            return engine

    def once(self, name: str, make: Callable[[Path], Any]) -> Any:
        """Return what `make` returned, as JSON, in the first process; it is given a new folder."""
        made = self.folder / f"{name}.json"
        with self._lock(name):
            if not made.exists():
                folder = tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder)
                made.write_text(json.dumps(make(Path(folder))))
        return json.loads(made.read_text())

    def leave(self) -> None:
        """Stop using the engine; the process that started it waits for the others and stops it."""
        if not self._is_owner:
            self._used.close()
            return
        with self._lock("engine"):  # nobody may come while this one waits
            for user in self.folder.glob("user-*.lock"):
                if user.stem != f"user-{os.getpid()}":
                    with FileLock(user):
                        pass
            self._used.close()

    def remove(self) -> None:
        """Remove the folder, where this process has made it."""
        if self._made is not None:
            self._made.cleanup()

    def _lock(self, name: str) -> FileLock:
        return FileLock(self.folder / f"{name}.lock")
