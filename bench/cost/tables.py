"""The tables of measured costs as files of an unfinished run."""

from pathlib import Path

import pandas as pd

from bench.cost.measure import CostTables
from bench.runs.folder import write_parquet


def write_cost_tables(folder: Path, tables: CostTables) -> None:
    """Keep the tables; the last one written tells that all are there."""
    for name, table in tables._asdict().items():
        write_parquet(_file(folder, name), table)


def has_cost_tables(folder: Path) -> bool:
    """Whether all costs have been measured."""
    return _file(folder, CostTables._fields[-1]).is_file()


def read_cost_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables by name."""
    return {name: pd.read_parquet(_file(folder, name)) for name in CostTables._fields}


def _file(folder: Path, name: str) -> Path:
    return folder / f"table-{name}.parquet"
