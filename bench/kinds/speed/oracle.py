"""Image-match as the oracle: our exact signatures must be its own, bit for bit."""

import runpy
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import skimage

from bench.peers.session import Session
from bench.runs.environment import ROOT
from bench.runs.errors import MeasurementError

FIXTURE = ROOT / "tests" / "imgsig" / "fixture"


def golden_pictures() -> Iterator[tuple[str, bytes]]:
    """Name and file of the pictures whose signatures are frozen in the tests."""
    with np.load(FIXTURE / "golden.npz", allow_pickle=False) as arrays:
        names = arrays["names"].tolist()
    for name in names:
        here = FIXTURE / name
        bundled = Path(skimage.__file__).parent / "data" / Path(name).name
        yield name, (here if here.exists() else bundled).read_bytes()


def made_pictures(count: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and file of the made pictures of every shape and kind, which the tests have too."""
    module = runpy.run_path(str(FIXTURE / "many.py"))
    pictures: Iterator[tuple[str, bytes]] = module["pictures"](
        module["COUNT"] if count is None else count
    )
    yield from pictures


def compare_signatures(
    session: Session,
    pictures: Iterable[tuple[str, bytes]],
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Sign pictures with image-match and with the exact mode: values, and how many differ."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in pictures:
            path = Path(folder) / f"picture{Path(name).suffix or '.png'}"
            path.write_bytes(data)
            theirs, ours = (
                np.array(session.call(tool, path, value=True).value)
                for tool in ("image-match", "exact")
            )
            if theirs.shape != ours.shape:
                raise MeasurementError(f"{name}: {len(theirs)} values and {len(ours)}")
            rows.append((name, len(ours), int((theirs != ours).sum())))
            advance(1)
    return pd.DataFrame(rows, columns=["picture", "values", "different"])
