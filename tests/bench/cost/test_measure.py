"""All costs of two indices; what is measured is not measured again."""

from io import StringIO

import pandas as pd
import pytest
from rich.console import Console

from bench.cost.measure import (
    CostTables,
    has_cost_tables,
    measure_cost,
    read_cost_tables,
    write_cost_tables,
)
from bench.cost.settings import Cost, Indexing
from bench.runs.folder import RunFolder
from imgsig.cli.terminal import make_progress
from tests.shared import WORKER

ARRAY = f"cost{WORKER}_array"
NONE = f"cost{WORKER}_none"

pytestmark = pytest.mark.engine

COST = Cost(
    queries=40,
    axis_queries=20,
    clients=[2],
    minimum_should_match=[5],
    fetch=["path"],
    cold=2,
    indexing=Indexing(batches=2, documents=60),
    resamples=200,
)


@pytest.fixture(scope="module")
def measured(engine, loaded, tmp_path_factory) -> tuple[CostTables, RunFolder]:
    folder = RunFolder(tmp_path_factory.mktemp("cost"))
    tables = measure(engine, loaded, folder)
    for name, table in tables._asdict().items():
        folder.write_table(name, table)
    return tables, folder


def measure(engine, loaded, folder: RunFolder) -> CostTables:
    with make_progress(Console(file=StringIO())) as progress:
        tables = measure_cost(
            engine.client,
            loaded.variants,
            loaded.signed,
            COST,
            progress,
            run="run",
            folder=folder.work / "cost",
            size=20,
        )
        assert all(task.finished for task in progress.tasks)
    return tables


@pytest.mark.slow
def test_every_condition_is_there(measured):
    tables, _ = measured
    assert len(tables.search_cost) == 5 * 2 * 2
    assert len(tables.search_samples) == 2 * (40 + 3 * 20 + 2)
    first = tables.search_cost[tables.search_cost["variant"] == ARRAY]
    assert (first["ratio_to_first"] == 1).all()
    base = tables.search_cost.iloc[0]
    assert base["n"] == 40
    assert base["p50"] >= 0
    assert pd.isna(base["p95"])
    assert base["candidate_recall"] == 1
    assert tables.index_cost["variant"].to_list() == [ARRAY, NONE]


@pytest.mark.slow
def test_what_is_measured_is_not_measured_again(engine, loaded, measured):
    tables, folder = measured
    last = folder.work / "cost" / "04-state-cold.parquet"
    before = pd.read_parquet(folder.work / "cost" / "00-base.parquet")
    last.unlink()
    again = measure(engine, loaded, folder)
    assert last.is_file()
    kept = again.search_samples.iloc[: len(before)]
    pd.testing.assert_frame_equal(kept, before)
    pd.testing.assert_frame_equal(again.index_samples, tables.index_samples)


def test_tables_are_read_as_they_were_written(tmp_path):
    tables = CostTables(*(pd.DataFrame({"n": [number]}) for number in range(4)))
    assert not has_cost_tables(tmp_path)
    write_cost_tables(tmp_path, tables)
    assert has_cost_tables(tmp_path)
    read = read_cost_tables(tmp_path)
    assert list(read) == ["search_cost", "index_cost", "search_samples", "index_samples"]
    for name, table in tables._asdict().items():
        pd.testing.assert_frame_equal(read[name], table)
