"""Commands: ``python -m bench.kinds.codecs model | dictionary | measure``."""

from pathlib import Path

import click
import numpy as np
from rich.console import Console

from bench.kinds.codecs.crops import Crops, sign_crops
from bench.kinds.codecs.dictionary import train_dictionary
from bench.kinds.codecs.results import print_results, write_results
from bench.kinds.codecs.train import train_model, write_model
from bench.runs.folder import write_output
from datasets import open_collection
from datasets.cache import cache_dir
from imgsig.codecs.context import Context
from imgsig.codecs.context_model import ContextModel, read_model
from imgsig.codecs.zstd_dict import ZstdDict

#: Where the codec's model lies in the clone.
MODEL = Path(__file__).resolve().parents[3] / "imgsig" / "codecs" / f"{Context.model_name}.npz"
DICTIONARY = MODEL.with_name(ZstdDict.dictionary_name)


def cached_crops(collection: str, count: int, seed: int) -> Crops:
    """Crops of a collection, signed once and kept in the cache."""
    opened = open_collection(collection, ())
    digest = str(opened.manifest()["sha256"])[:12]
    path = cache_dir() / "codecs" / f"crops-{digest}-{count}-{seed}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        sign_crops(opened, count, seed).save(path)
    return Crops.load(path)


@click.group()
def main() -> None:
    """Train the context model; measure the codecs."""


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


@main.command()
@click.option("--collection", default="photos", show_default=True, help="photos or folder:PATH")
@click.option("--crops", "count", default=500, show_default=True, help="crops of a photograph")
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("results/codecs"))
@click.option(
    "--also",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="a further context model for the limit, as the command model wrote it",
)
def measure(collection: str, count: int, seed: int, out: Path, also: tuple[Path, ...]) -> None:
    """Measure sizes, speeds and the limit on held-out photographs; write table and figure."""
    crops = cached_crops(collection, count, seed)
    further = {f"network ({path.stem})": _read(path) for path in also}
    results = write_results(out, crops, {"collection": collection, "crops": count}, further)
    console = Console()
    # What is piped has no width of its own, and the table needs some.
    print_results(results, console if console.is_terminal else Console(width=130))


def _read(path: Path) -> ContextModel:
    with path.open("rb") as file:
        return read_model(file)


if __name__ == "__main__":
    main()
