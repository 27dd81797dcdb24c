"""The signed pictures and the tables of a smoke run, as digests; times and bytes are left out.

Numbers take part with nine significant digits: the last ones depend on the processor.
"""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.runs.folder import RunFolder

CONFIG = Path(__file__).parents[2] / "bench" / "configs" / "smoke.yaml"
#: What is timed, or depends on the engine's version.
LEFT_OUT = {"timings", "fields"}
BYTES = "bytes|segments"

pytestmark = [pytest.mark.slow, pytest.mark.engine, pytest.mark.photos]


def _digest(table: pd.DataFrame) -> str:
    kept = table.loc[:, ~table.columns.str.contains(BYTES)].copy()
    for column in kept:
        if kept[column].dtype == object and isinstance(kept[column].iloc[0], np.ndarray):
            kept[column] = [one.tobytes().hex() for one in kept[column]]
    text = kept.to_csv(index=False, float_format="%.9g")
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_smoke_run_keeps_its_tables(engine, tmp_path, monkeypatch, expected):
    monkeypatch.setenv("ES_URL", engine.url)
    result = CliRunner().invoke(cli, ["run", str(CONFIG), "--results", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (path,) = tmp_path.iterdir()
    folder = RunFolder(path)
    tables = {name: folder.table(name) for name in folder.manifest()["tables"]}
    found = {name: _digest(table) for name, table in tables.items() if name not in LEFT_OUT}
    for index in tables["variants"]["variant"]:
        engine.client.indices.delete(index=index)
    expected("smoke_run", found)
