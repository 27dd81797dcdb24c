"""The end of a run: its manifest is written, then what only a resumed run needs is removed.

A process may be killed between the two, or in the midst of removing. A file says what is to be
removed, from before there is a manifest until nothing is left; the next start goes by it.
"""

import shutil
from collections.abc import Mapping
from typing import Any

from bench.engine.cluster import node_folders
from bench.engine.folder import discard
from bench.runs.folder import RunFolder, read_json, write_json
from datasets.cache import cache_dir

_ENGINE = "engine"


def finish(
    folder: RunFolder, manifest: Mapping[str, Any], *, keep_engine: bool, nodes: int = 1
) -> None:
    """Write the manifest of a run and remove what is not needed any more."""
    write_json(folder.ending, {"keep_engine": keep_engine, "nodes": nodes})
    write_json(folder.path / "manifest.json", manifest)
    clean_up(folder)


def clean_up(folder: RunFolder) -> None:
    """Remove what a run that has its manifest has left; an engine that is to be kept stays.

    Nothing happens where the run goes on, or has come to its end.
    """
    if not (folder.has_manifest and folder.ending.is_file()):
        return
    ending = read_json(folder.ending)
    if ending["keep_engine"]:
        for path in sorted(folder.work.glob("*")):
            if path.is_dir() and path.name != _ENGINE:
                shutil.rmtree(path, ignore_errors=True)
    else:
        for node_folder in node_folders(folder.work / _ENGINE, ending["nodes"]):
            discard(node_folder, cache_dir())
        folder.discard_work()
    folder.ending.unlink()
