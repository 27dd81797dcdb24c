"""Reads what runs that have ended took, each by its kind."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.disk.history import History
from bench.kinds.registry import get_kind
from bench.runs.environment import ROOT
from bench.runs.errors import BenchError
from bench.runs.folder import RunFolder


def read_history(results: Path) -> History:
    """What the committed runs and those below a folder of runs took.

    What is no finished run of this version is passed over.
    """
    history = History()
    for folder in dict.fromkeys((ROOT / "results", results)):
        for path in sorted(folder.glob("*/manifest.json")):
            run = RunFolder(path.parent)
            # A run whose tables are damaged is no reason to stop another.
            with suppress(BenchError, OSError, ValueError, KeyError):
                _add(history, run, run.manifest())
    return history


def _add(history: History, run: RunFolder, manifest: Mapping[str, Any]) -> None:
    kind, dataset = get_kind(manifest["kind"]), manifest["dataset"]
    past = kind.past(run, manifest)
    if "originals" in dataset:  # pictures were indexed and searched for
        signed = {"sign": dataset["documents"] + dataset["queries"], "start engine": 1}
        history.originals[dataset["collection"]] = dataset["originals"]
        past = replace(past, units=signed | dict(past.units))
    history.add(kind.name, run.path.name, past, manifest["seconds"])
