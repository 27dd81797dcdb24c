"""Signatures that share words, and a signed collection made of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.kinds.sweep.config import Sweep
from bench.runs.folder import write_array, write_json, write_parquet
from bench.signing.sign import Signed
from imgsig import Grid


def make_signatures(seed: int, count: int, originals: int = 4) -> np.ndarray:
    """Regular signatures: a few originals, and copies of them with some differences changed."""
    rng, grid = np.random.default_rng(seed), Grid()
    free = np.arange(len(grid.free))
    made = np.zeros((count, grid.length), dtype=np.int8)
    values = rng.integers(-2, 3, (originals, len(free)), dtype=np.int8)
    for row in made:
        own = values[rng.integers(originals)].copy()
        changed = rng.random(len(free)) < rng.choice([0.0, 0.02, 0.2])
        own[changed] = rng.integers(-2, 3, int(changed.sum()))
        row[grid.free] = own
        row[grid.partner[grid.free]] = -own
    return made


@pytest.fixture(scope="session")
def alike() -> Callable[..., np.ndarray]:
    """`make_signatures`."""
    return make_signatures


@pytest.fixture(scope="session")
def signed() -> Signed:
    """60 documents of 30 photographs in 10 groups; 16 queries, one of them not signed."""
    database = make_signatures(1, 60, originals=30)
    rng = np.random.default_rng(2)
    photos = [f"photo{i // 2}" for i in range(60)]
    groups = [f"scene{i // 6}" for i in range(60)]
    documents = pd.DataFrame(
        {"doc": np.arange(60), "original": [f"o{i}" for i in range(60)], "photo": photos}
    ).assign(group=groups, status="ok", left=-1, upper=-1, right=-1, lower=-1)
    answers = rng.permutation(60)[:16]
    queries = documents.loc[answers].reset_index(drop=True)
    queries = queries.assign(
        query=np.arange(16),
        in_database=np.arange(16) % 4 != 3,
        transform=["blur", "crop"] * 8,
        family=["blur", "crop"] * 8,
        strength=1.0,
        half=["tune" if int(group[5:]) % 2 else "report" for group in queries["group"]],
        status=np.where(np.arange(16) == 5, "failed", "ok"),
    )
    queries.loc[~queries["in_database"], ["doc", "original", "photo", "group"]] = (
        -1,
        "x",
        "x",
        "x",
    )
    queries.loc[~queries["in_database"], "half"] = "tune"
    signatures = database[answers].copy()
    grid = Grid()
    for row in signatures:
        turned = grid.free[rng.random(len(grid.free)) < 0.1]
        row[turned] *= -1
        row[grid.partner[turned]] *= -1
    signatures[5] = 0
    return Signed(documents, queries, database, signatures, {})


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
