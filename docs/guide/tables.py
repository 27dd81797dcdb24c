"""Reference of a run's tables, from the manifests of the reference runs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.kinds.registry import KINDS
from guide.markdown import table


def tables_page(results: Path) -> str:
    """Tables and columns of every kind of run.

    Parameters
    ----------
    results : Path
        Where the reference runs are.

    Returns
    -------
    str
    """
    text = (
        "# Result tables\n\nA run's folder holds Parquet tables; `manifest.json` lists them with "
        "rows, columns and SHA-256. What the columns mean: `bench/kinds/experiment/tables.py`, "
        "`bench/signing/sign.py`, `bench/evaluate/outputs.py`, `bench/kinds/sweep/tables.py`, "
        "`bench/kinds/scale/tables.py`, `bench/kinds/scale/quality.py`, "
        "`bench/kinds/scale/searched.py`, `bench/kinds/scale/live.py`, "
        "`bench/kinds/nodes/copies.py`, `bench/kinds/nodes/searching.py`, "
        "`bench/kinds/nodes/losing.py`, `bench/kinds/nodes/recovery.py` and "
        "`bench/kinds/engines/tables.py`. "
        "How to read them: [Read the results](../../how-to/read-the-results.md).\n"
    )
    for kind, run, manifest in _shown(results):
        rows = [
            (
                f"`{name}`",
                f"{entry['rows']:,}",
                ", ".join(_column(*one) for one in entry["columns"].items()),
            )
            for name, entry in sorted(manifest["tables"].items())
        ]
        text += f"\n## `kind: {kind}`\n\nAs in `results/{run}`.\n\n"
        text += table(["table", "rows", "columns"], rows, " r")
    return text


def _column(name: str, kind: str) -> str:
    return f"`{name}` {kind}"


def _shown(results: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Of each kind the committed run that has the most tables."""
    manifests = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(results.glob("reference*/manifest.json"))
    }
    for kind in KINDS:
        own = {name: one for name, one in manifests.items() if one.get("kind") == kind}
        if own:
            run = max(own, key=lambda name: len(own[name]["tables"]))
            yield kind, run, own[run]
