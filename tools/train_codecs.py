"""Commands: ``python -m tools.train_codecs model | dictionary``."""

import json
from pathlib import Path
from typing import Any

import click
import numpy as np
import zstandard
from numpy.typing import NDArray
from rich.console import Console

from bench.kinds.codecs.crops import cached_crops
from bench.kinds.context_model import train_model
from bench.runs.environment import ROOT
from bench.runs.folder import write_output
from imgsig.codecs.compressed import ZstdDict
from imgsig.codecs.context import Context
from imgsig.codecs.context_model import ContextModel
from imgsig.grid import Grid
from imgsig.output_file import written
from imgsig.strips import HalfStrip

#: Where the codec's model lies in the clone.
MODEL = ROOT / "imgsig" / "codecs" / f"{Context.model_name}.npz"
DICTIONARY = MODEL.with_name(ZstdDict.dictionary_name)


def write_model(path: Path, model: ContextModel, note: dict[str, Any]) -> None:
    """Write a model, whole or not at all; the note on its making goes with it."""
    with written(path) as file:
        note_bytes = np.frombuffer(json.dumps(note, sort_keys=True).encode(), dtype=np.uint8)
        arrays: dict[str, Any] = {"note": note_bytes, **model.arrays()}
        np.savez_compressed(file, **arrays)


def train_dictionary(
    signatures: NDArray[np.int8], *, size: int = 16_384, samples: int = 20_000, seed: int = 0
) -> bytes:
    """Train a Zstandard dictionary on free values, one byte each.

    Parameters
    ----------
    signatures : ndarray
        ``int8[m, 648]``, regular.
    """
    chosen = np.random.default_rng(seed).permutation(len(signatures))[:samples]
    kept = HalfStrip(Grid()).keep(signatures[chosen])
    return zstandard.train_dictionary(size, [row.tobytes() for row in kept]).as_bytes()


@click.group()
def main() -> None:
    """Train what the codecs ``context`` and ``zstd_dict`` are shipped with."""


@main.command()
@click.option("--collection", default="photos", show_default=True, help="photos or folder:PATH")
@click.option("--crops", "count", default=500, show_default=True, help="crops of a photograph")
@click.option("--neighbors", default=14, show_default=True)
@click.option("--units", default=24, show_default=True)
@click.option("--epochs", default=8.0, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=MODEL, show_default=False)
def model(
    collection: str, count: int, neighbors: int, units: int, epochs: float, seed: int, out: Path
) -> None:
    """Train the model of the codec ``context`` on the groups that are not held out."""
    crops = cached_crops(collection, count, seed)
    chosen = crops.signatures[~crops.is_held_out]
    settings = {"neighbors": neighbors, "units": units, "epochs": epochs, "seed": seed}
    trained = train_model(chosen, count=neighbors, units=units, epochs=epochs, seed=seed)
    note = {
        "collection": collection,
        "crops": count,
        "crops_sha256": crops.source,
        "signatures": len(chosen),
        "groups": len(np.unique(crops.group[~crops.is_held_out])),
        "numpy": np.__version__,
        **settings,
    }
    write_model(out, trained, note)
    Console().print(
        f"wrote {out} ({out.stat().st_size} bytes), trained on {len(chosen)} signatures"
    )


@main.command()
@click.option("--collection", default="photos", show_default=True, help="photos or folder:PATH")
@click.option("--crops", "count", default=500, show_default=True, help="crops of a photograph")
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=DICTIONARY, show_default=False)
def dictionary(collection: str, count: int, seed: int, out: Path) -> None:
    """Train the dictionary of the codec ``zstd_dict`` on the groups that are not held out."""
    crops = cached_crops(collection, count, seed)
    write_output(out, train_dictionary(crops.signatures[~crops.is_held_out], seed=seed))
    Console().print(f"wrote {out} ({out.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
