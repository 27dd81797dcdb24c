"""How far an index is loaded, so that a run that was killed goes on from there.

Documents are sent in order, with fixed ids, and an engine keeps what it has confirmed: it writes
its transaction log to disk before it answers. So it suffices to note now and then up to where it
has confirmed. What was sent after that is sent again in higher versions than before (see
`bench.index.build`): a request of the process that was killed may still be on its way, and the
documents must end up in their order, by which an engine breaks ties.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticsearch import NotFoundError

from bench.engine.client import Client, refresh, retried
from bench.index.build import owner
from bench.index.storage import count_documents
from bench.runs.folder import read_json, write_json
from imgsig.cluster import ATTEMPTS

#: Name of the file in a variant's folder.
FILE = "loading.json"
#: Documents from which on a loading goes on. Fewer are soon loaded anew, and their index then takes
#: the bytes that it would have taken: versions and gaps between numbers take up to two a document
#: near the place where a loading was interrupted.
LEAST = 100_000
#: Seconds between two notes at least.
EVERY = 3.0


@dataclass
class Loading:
    """An index that is being loaded: how many documents it has confirmed, as a file keeps it.

    `versions` is the highest version in which anything was sent before.
    """

    client: Client
    index: str
    uuid: str | None
    path: Path
    done: int = 0
    versions: int = 0
    _noted: float = field(default_factory=time.monotonic)

    def advance(self, documents: int) -> None:
        """So many more documents are confirmed."""
        self.done += documents
        if self.done >= LEAST and time.monotonic() - self._noted >= EVERY:
            self.note()

    def note(self) -> None:
        """Write down how far the index is loaded."""
        self._noted = time.monotonic()
        try:
            mappings = mappings_of(self.client, self.index)
        except NotFoundError:  # deleted meanwhile, which is told when all is sent
            return
        form = {"uuid": self.uuid, "mappings": mappings, "done": self.done}
        write_json(self.path, form | {"versions": self.versions + ATTEMPTS})


def begun_loading(
    client: Client, index: str, run: str, path: Path, documents: int
) -> Loading | None:
    """The loading of this run that was interrupted; None if there is none that can go on.

    The index must be the very one, with the mapping that it had, and hold at least what it had
    confirmed.
    """
    if not path.is_file():
        return None
    noted: dict[str, Any] = read_json(path)
    if owner(client, index) != run or noted["uuid"] != uuid_of(client, index):
        return None
    if noted["mappings"] != mappings_of(client, index):
        return None
    retried(lambda: refresh(client, index))
    if not noted["done"] <= count_documents(client, index) <= documents:
        return None
    loading = Loading(client, index, noted["uuid"], path, noted["done"], noted["versions"])
    loading.note()  # before anything is sent: a later start must go beyond these versions
    return loading


def mappings_of(client: Client, index: str) -> Any:
    """The mapping of an index, as the engine tells it."""
    return retried(lambda: client.indices.get_mapping(index=index))[index]["mappings"]


def uuid_of(client: Client, index: str) -> str | None:
    """What tells an index from others that had or will have its name; None if there is none."""
    try:
        settings = retried(lambda: client.indices.get_settings(index=index))
    except NotFoundError:
        return None
    return str(settings[index]["settings"]["index"]["uuid"])
