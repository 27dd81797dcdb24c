"""Reference of a run's tables, from the manifests of the reference runs."""

import json
from pathlib import Path

from guide.markdown import table

#: Which committed run shows the tables of which kind.
RUNS = {
    "experiment": "reference-layouts",
    "sweep": "reference-sweep",
    "scale": "reference-scale",
}


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
        "rows, columns and SHA-256. What the columns mean: `bench/kinds/variant_tables.py`, `bench/signing/sign.py`, "
        "`bench/evaluate/outputs.py`, `bench/kinds/sweep/tables.py` and `bench/kinds/scale/tables.py`. "
        "How to read them: [Read the results](../../how-to/read-the-results.md).\n"
    )
    for kind, run in RUNS.items():
        manifest = json.loads((results / run / "manifest.json").read_text(encoding="utf-8"))
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
