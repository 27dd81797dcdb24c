"""Measure all costs of a run's indices; what is measured is kept, and not measured again."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from rich.progress import Progress

from bench.cost.indexing import measure_indexing, summarize_indexing
from bench.cost.searching import join_samples, measure_condition, summarize_searches
from bench.cost.settings import Cost
from bench.engine.client import Client
from bench.index.variant import Variant
from bench.runs.folder import write_parquet
from bench.signing.sign import Signed


class CostTables(NamedTuple):
    """What the raw times come to, and these: `bench.cost.searching`, `bench.cost.indexing`."""

    search_cost: pd.DataFrame
    index_cost: pd.DataFrame
    search_samples: pd.DataFrame
    index_samples: pd.DataFrame


def measure_cost(
    client: Client,
    variants: Sequence[Variant],
    signed: Signed,
    settings: Cost,
    progress: Progress,
    *,
    run: str,
    folder: Path,
    size: int = 100,
) -> CostTables:
    """Measure searching of loaded indices under every condition, and indexing anew."""
    conditions = settings.conditions()
    total = len(variants) * sum(searches for _, searches in conditions)
    bar = progress.add_task("Timing searches", total=total)
    parts = []
    for number, (condition, searches) in enumerate(conditions):
        path = folder / f"{number:02}-{condition.label}.parquet"
        if path.is_file():
            progress.advance(bar, searches * len(variants))
        else:
            of = client, variants, signed, condition, searches, settings
            samples = measure_condition(
                *of, size=size, run=run, advance=partial(progress.advance, bar)
            )
            write_parquet(path, samples)
        parts.append(pd.read_parquet(path))
    progress.update(bar, completed=total)  # variants without words sit out a condition
    path = folder / "indexing.parquet"
    batches = len(variants) * (settings.indexing.batches + 1)
    bar = progress.add_task("Timing bulk requests", total=batches)
    if path.is_file():
        progress.advance(bar, batches)
    else:
        indexed = measure_indexing(
            client, variants, signed, settings, run, partial(progress.advance, bar)
        )
        write_parquet(path, indexed)
    index_samples = pd.read_parquet(path)
    search_samples = join_samples(parts)
    return CostTables(
        summarize_searches(search_samples, settings),
        summarize_indexing(index_samples, settings),
        search_samples,
        index_samples,
    )


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
