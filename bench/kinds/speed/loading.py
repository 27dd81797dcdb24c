"""Sign files and index them as they come, in a process of its own whose memory can be watched.

``python -m bench.kinds.speed.loading`` reads one JSON object from standard input: ``variant``
(canonical form and ``name``), ``files`` (a text file, one path a line), ``images`` and ``workers``;
the index has been created. The engine is that of ``ES_URL``. It writes lines of JSON:
``{"done": n}`` as documents are indexed, and at the end
``{"seconds": …, "documents": …, "failed": […]}``.
"""

import json
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.engine import open_engine
from bench.index.build import stream_documents
from bench.index.variant import Variant
from imgsig.sign_many import sign_many

_TOLD_EVERY = 50


def _tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    """Do what standard input asks for."""
    request = json.load(sys.stdin)
    files = Path(request["files"]).read_text(encoding="utf-8").splitlines()
    failed: list[str] = []
    done = 0

    def advance(documents: int) -> None:
        nonlocal done
        done += documents
        if done % _TOLD_EVERY == 0:
            _tell(done=done)

    with open_engine(Path()) as engine:
        begun = time.perf_counter()
        paths = islice(cycle(files), request["images"])
        records = sign_many(paths, workers=request["workers"])
        sent = stream_documents(
            engine.client,
            Variant(**request["variant"]),
            records,
            lambda record: failed.append(f"{record.path}: {record.reason}"),
            advance,
            attempts=1,  # a pause before another would be timed too
        )
        seconds = time.perf_counter() - begun
    _tell(seconds=seconds, documents=sent, failed=failed)


if __name__ == "__main__":
    main()
