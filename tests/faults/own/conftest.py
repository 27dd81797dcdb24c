"""What looks like a finished run."""

from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture
def run(tmp_path) -> Path:
    """A folder of results with one run of three tables, one of them with times."""
    run = tmp_path / "results" / "run"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    for name in ("metrics", "curves"):
        pd.DataFrame({name: [0.5, 0.25]}).to_parquet(run / f"{name}.parquet")
    pd.DataFrame({"query": [0, 1], "took_ms": [3.0, 4.0]}).to_parquet(run / "timings.parquet")
    return run
