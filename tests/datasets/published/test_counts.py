"""Folders of the names and counts that are published: listed, paired and planned, not opened."""

from functools import partial
from itertools import product
from pathlib import Path

import pytest

from datasets import open_collection
from datasets.published import plan_published


def copydays() -> list[str]:
    originals = [f"2{block:03}00.jpg" for block in range(157)]
    qualities, crops = (3, 5, 8, 10, 15, 20, 30, 50, 75), (10, 15, 20, 30, 40, 50, 60, 70, 80)
    strong = [f"2{n % 157:03}{n // 157 + 1:02}.jpg" for n in range(229)]
    return [
        *(f"copydays_original/{name}" for name in originals),
        *(f"copydays_jpeg/jpegqual/{q}/{name}" for q, name in product(qualities, originals)),
        *(f"copydays_crop/crops/{c}/{name}" for c, name in product(crops, originals)),
        *(f"copydays_strong/{name}" for name in strong),
    ]


def holidays() -> list[str]:
    sizes = [3] * 491 + [2] * 9
    return [f"jpg/1{group:03}{n:02}.jpg" for group, size in enumerate(sizes) for n in range(size)]


def ukbench() -> list[str]:
    return [f"full/ukbench{number:05}.jpg" for number in range(10_200)]


#: Numbers of references, spread over the folders of the archives as they are.
REFERENCES = [50_000 * part + n for part in range(20) for n in range(250)]


def disc21(queries: int, references: int) -> list[str]:
    return [
        *(f"dev_queries_50k_0/Q{2 * n:05}.jpg" for n in range(queries)),
        *(f"refs_50k_{n // 50_000}/R{n:06}.jpg" for n in REFERENCES[:references]),
    ]


#: Files, pictures that are indexed, queries, and queries without a match.
COUNTS = {
    "copydays": (copydays, 157, 157 * 18 + 229, 0),
    "holidays": (holidays, 1_491, 500, 0),
    "ukbench": (ukbench, 10_200, 10_200, 0),
    "disc21": (partial(disc21, 25_000, 5_000), 5_000, 25_000, 25_000 - 4_991),
    "disc21-dev": (partial(disc21, 5_000, 5_000), 4_991, 4_991, 0),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
def test_as_many_as_are_published(name, tmp_path):
    """Of DISC21's million references there are 5,000: writing them all would take minutes."""
    files, documents, queries, without = COUNTS[name]
    write(tmp_path, files())
    if name.startswith("disc21"):
        table = "dev_queries_groundtruth" if name == "disc21" else "subset_1_ground_truth"
        right = [f"R{n:06}" for n in REFERENCES[:4_991]] + [""] * without
        rows = [f"Q{2 * n:05},{found}" for n, found in enumerate(right)]
        (tmp_path / f"{table}.csv").write_text("\n".join(rows))
    collection = open_collection(f"{name}:{tmp_path}")
    plan = plan_published(collection, documents=None, queries=None)
    assert len(plan.database) == documents
    assert len(plan.queries) == queries
    assert sum(not query.in_database for query in plan.queries) == without
    assert {len(query.right or ()) for query in plan.queries} <= {0, 1, 2, 4}


def write(root: Path, names: list[str]) -> None:
    """Empty files, each of which would be a picture that cannot be read when it is signed."""
    for folder in {Path(name).parent for name in names}:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name in names:
        (root / name).touch()
