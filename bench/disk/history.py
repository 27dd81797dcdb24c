"""What runs that have ended took: bytes by index, seconds by stage."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Self

import pandas as pd

from bench.runs.errors import BenchError
from bench.runs.folder import RunFolder


@dataclass(frozen=True)
class MeasuredSize:
    """Bytes of an index that a run measured.

    Parameters
    ----------
    layout : str
        Its layout.
    N : int
        Its word count.
    bytes_per_document : float
        Merged, primaries.
    loaded : float
        Bytes before the final merge over bytes after it: copies kept for recovery are in them.
    documents : int
        How many it held.
    run : str
        Folder of the run.
    """

    layout: str
    N: int
    bytes_per_document: float
    loaded: float
    documents: int
    run: str


@dataclass
class History:
    """Sizes and rates of finished runs.

    Parameters
    ----------
    sizes : dict of str to MeasuredSize
        By the variant's key; the run that was read last counts.
    words : dict of (str, str) to (float, str)
        Bytes a document of words alone by a sweep's scheme and layout, and the run.
    rates : dict of str to list of (float, str)
        Seconds a unit by kind and stage, with the run; a unit is a document, query or index, as
        the stage has them.
    originals : dict of str to int
        Documents there are in a collection, by its name.
    """

    sizes: dict[str, MeasuredSize] = field(default_factory=dict)
    words: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    rates: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    originals: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Iterable[Path]) -> Self:
        """Read all finished runs below some folders.

        Parameters
        ----------
        results : iterable of Path
            Folders of run folders; what is no finished run of this version is passed over.

        Returns
        -------
        History
        """
        history = cls()
        for folder in results:
            for path in sorted(folder.glob("*/manifest.json")):
                run = RunFolder(path.parent)
                if manifest := _manifest(run):
                    # A run whose tables are damaged is no reason to stop another.
                    with suppress(BenchError, OSError, ValueError, KeyError):
                        history._add(run, manifest)
        return history

    def rate(self, stage: str) -> tuple[float, str] | None:
        """Median seconds a unit of a stage, and the runs it is of; None where none is known."""
        known = self.rates.get(stage)
        if not known:
            return None
        return median(seconds for seconds, _ in known), ", ".join(
            dict.fromkeys(run for _, run in known)
        )

    def _add(self, run: RunFolder, manifest: Mapping[str, Any]) -> None:
        kind, name = manifest["kind"], run.path.name
        dataset, seconds = manifest["dataset"], manifest["seconds"]
        self.originals[dataset["collection"]] = dataset["originals"]
        documents, queries = dataset["documents"], dataset["queries"]
        units = {"sign": documents + queries, "start engine": 1}
        if kind == "experiment":
            self._add_sizes(run.table("variants"), name)
            indices = len(run.table("variants"))
            cost = manifest["config"].get("cost") or {}
            timed = len(cost.get("variants", ())) or indices
            resamples = manifest["config"]["evaluation"]["resamples"]
            units |= {"evaluate": indices * queries * resamples, "cost": timed}
            units |= {
                stage: documents if not stage.startswith("search") else queries
                for stage in seconds
                if stage.split(" ")[0] in ("index", "settle", "search")
            }
        elif kind == "sweep":
            for row in run.table("sizes").to_dict("records"):
                size = (float(row["bytes_per_document"]), name)
                self.words[str(row["variant"]), str(row["layout"])] = size
            live = len(run.table("confirmed"))
            units |= {"simulate": manifest["schemes"] * documents * queries, "words": documents}
            units |= {"index": live * documents, "settle": live * documents}
            units |= {"confirm": live * queries}
        elif kind == "speed":  # what it takes does not depend on a number of documents
            units |= {stage: 1 for stage in seconds if stage not in units}
        else:
            units |= {"synthetic": manifest["synthetic"]}
            units |= {"measure": int(run.table("sizes")["documents"].sum())}
        for stage, spent in seconds.items():
            if units.get(stage):
                key = stage.split(" ")[0]
                shared = key if key in ("sign", "start") else f"{kind} {key}"
                self.rates.setdefault(shared, []).append((spent / units[stage], name))

    def _add_sizes(self, variants: pd.DataFrame, run: str) -> None:
        for row in variants.to_dict("records"):
            self.sizes[str(row["config"])] = MeasuredSize(
                layout=str(row["layout"]),
                N=int(row["N"]),
                bytes_per_document=float(row["bytes_per_document"]),
                loaded=float(row["loaded_store_bytes"]) / float(row["store_bytes"]),
                documents=int(row["documents"]),
                run=run,
            )


def _manifest(run: RunFolder) -> Mapping[str, Any]:
    """Its manifest; an empty one where this version cannot read it, or it is of no run."""
    try:
        manifest = run.manifest()
    except (BenchError, OSError, ValueError):
        return {}
    return manifest if {"kind", "dataset", "seconds"} <= set(manifest) else {}
