# ruff: noqa: D103, S101
"""`imgsig.sign_many`: what it costs beside a plain loop, and the memory of 20,000 files.

Run by ``pytest benchmarks/test_sign_many.py -o addopts="--import-mode=importlib" -s``; the figures
are printed. ``IMGSIG_FILES`` sets another number of files.
"""

import contextlib
import os
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil
import pytest
from PIL import Image

from datasets import open_collection
from imgsig import generate_signature, sign_many

FILES = int(os.environ.get("IMGSIG_FILES", "20000"))

#: One file in so many is a whole photograph; the others are tiles of 256 pixels.
WHOLE_EVERY = 20

WORKERS = 2
LIMIT = 300e6


@pytest.fixture(scope="module")
def photographs(tmp_path_factory) -> list[Path]:
    """The files of the default collection, 0.1 to 10.8 megapixels."""
    folder = tmp_path_factory.mktemp("photographs")
    collection = open_collection("photos", ())
    paths = []
    for number, photo in enumerate(collection.photographs):
        path = folder / f"{number:03}{Path(photo.file).suffix}"
        path.write_bytes(collection.read_bytes(photo.id))
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def tiles(photographs, tmp_path_factory) -> list[Path]:
    """A tile from the middle of each photograph, as a JPEG file."""
    folder = tmp_path_factory.mktemp("tiles")
    paths = []
    for photo in photographs:
        with Image.open(photo) as picture:
            x, y = (side // 2 for side in picture.size)
            path = folder / f"{photo.stem}.jpg"
            picture.convert("RGB").crop((x - 128, y - 128, x + 128, y + 128)).save(path)
            paths.append(path)
    return paths


#: A process that does nothing else, so that its memory is what a user's takes.
SCRIPT = """
import sys
from itertools import cycle
from imgsig import sign_many

if __name__ == "__main__":
    files, every, workers, whole, small = sys.argv[1:]
    lines = [open(name, encoding="utf-8").read().splitlines() for name in (whole, small)]
    turns = [cycle(own) for own in lines]
    paths = (next(turns[number % int(every) > 0]) for number in range(int(files)))
    print(sum(record.is_ok for record in sign_many(paths, workers=int(workers))))
"""


def memory_of(process: psutil.Process) -> int:
    """Bytes; pages that processes share count once (PSS; where the system has none, USS)."""
    try:
        full = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return int(getattr(full, "pss", full.uss))


def test_memory_is_flat(photographs, tiles, tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    arguments = [str(FILES), str(WHOLE_EVERY), str(WORKERS)]
    for name, paths in (("whole", photographs), ("small", tiles)):
        (tmp_path / name).write_text("\n".join(map(str, paths)), encoding="utf-8")
        arguments.append(str(tmp_path / name))
    looks = []
    begun = perf_counter()
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py"), *arguments], stdout=subprocess.PIPE, text=True
    ) as started:
        tree = psutil.Process(started.pid)
        while started.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                own = memory_of(tree)
                looks.append((own, sum(map(memory_of, tree.children(recursive=True)))))
            time.sleep(0.05)
        assert started.stdout is not None
        signed = int(started.stdout.read())
    seconds = perf_counter() - begun
    both = [own + workers for own, workers in looks if own]
    third = len(both) // 3
    early, late = max(both[third : 2 * third]), max(both[2 * third :])
    own, workers = (max(of) / 1e6 for of in zip(*looks, strict=True))
    print(
        f"\n{signed:,} of {FILES:,} files with {WORKERS} workers in {seconds:.0f} s, {len(both)} "
        f"looks: peak {max(both) / 1e6:.0f} MB (the parent {own:.0f}, its workers {workers:.0f}), "
        f"median {median(both) / 1e6:.0f}; peak of the second third {early / 1e6:.0f}, of the last "
        f"{late / 1e6:.0f}"
    )
    assert signed == FILES
    assert late <= 1.1 * early
    assert max(both) <= LIMIT


@pytest.mark.parametrize(("kind", "count"), [("photographs", 40), ("tiles", 1500)])
def test_overhead(kind, count, request):
    """Against a plain loop in this process, in alternation; workers are started beforehand."""
    paths = list(islice(cycle(request.getfixturevalue(kind)), count))
    ratios: dict[int, list[float]] = {1: [], WORKERS: []}
    for _ in range(5):
        begun = perf_counter()
        for path in paths:
            generate_signature(path)
        loop = perf_counter() - begun
        for workers, of_workers in ratios.items():
            # The first records come when workers have started.
            records = sign_many([*paths[:workers], *paths], workers=workers)
            for _ in range(workers):
                next(records)
            begun = perf_counter()
            assert sum(record.is_ok for record in records) == count
            of_workers.append((perf_counter() - begun) / loop)
    for workers, of_workers in ratios.items():
        print(
            f"\n{count} {kind}, {workers} workers: {median(of_workers):.2f} of the loop's time "
            f"({min(of_workers):.2f} to {max(of_workers):.2f})"
        )
    assert median(ratios[1]) < 1.5
