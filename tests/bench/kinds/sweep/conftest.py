"""Signatures that share words, and a signed collection made of them."""

from pathlib import Path

import pytest

from bench.kinds.sweep.config import Sweep
from bench.runs.folder import write_array, write_json, write_parquet


@pytest.fixture(scope="session")
def sweep() -> Sweep:
    """A dozen schemes, few resamples."""
    return Sweep.model_validate(
        {
            "kind": "sweep",
            "name": "made",
            "grid": [{"N": [8, 20, 40], "k": [4, 9, 20], "spacing": ["even", "disjoint"]}],
            "live": {"samples": [{"layout": "tagged_long", "schemes": 7}]},
            "search": {"size": 12},
            "evaluation": {"resamples": 100},
        }
    )


@pytest.fixture
def work(signed, tmp_path) -> Path:
    """Folder of an unfinished run in which everything is signed."""
    folder = tmp_path / "work" / "signed"
    write_parquet(folder / "documents.parquet", signed.documents)
    write_parquet(folder / "queries.parquet", signed.queries)
    write_array(folder / "database.npy", signed.database)
    write_array(folder / "query_signatures.npy", signed.query_signatures)
    write_json(folder / "description.json", signed.description)
    return tmp_path / "work"
