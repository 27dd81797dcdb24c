"""Whether a result still holds: its files, its counts, and what follows from its raw rows.

What was measured cannot be measured again from the files: sizes, times, hits. All that was computed
from it can be, and is: who is right, every measure and interval, fits and projections.
"""

from collections.abc import Iterator

from rich.progress import Progress

from bench.kinds.registry import kind_of_run
from bench.runs.check import Check
from bench.runs.folder import RunFolder
from bench.runs.manifest import read_manifest
from bench.verify.files import check_config, check_tables
from bench.verify.pages import check_pages

__all__ = ["Check", "verify_run"]


def verify_run(folder: RunFolder, progress: Progress | None = None) -> Iterator[Check]:
    """Check a finished run."""
    manifest = read_manifest(folder)
    kind = kind_of_run(folder)
    whole = check_tables(folder, manifest)
    yield whole
    text, config = check_config(kind, manifest)
    yield text
    if not whole.holds:
        return
    try:
        yield check_pages(kind, folder, manifest)
        if config is None:
            return
        tables = {name: folder.table(name) for name in manifest["tables"]}
        yield from kind.recompute(config, tables, manifest, progress or Progress(disable=True))
    except Exception as error:  # rows that somebody wrote can break any computation
        found = f"{type(error).__name__}: {error}"
        yield Check("what follows from the raw rows can be computed", False, found)
