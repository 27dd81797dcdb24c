"""``python -m bench.kinds.codecs``: bytes and speed of every codec, and the limit."""

from pathlib import Path

import click
from rich.console import Console

from bench.kinds.codecs.crops import cached_crops
from bench.kinds.codecs.results import print_results, write_results
from imgsig.codecs.context_model import ContextModel, read_model


@click.command()
@click.option("--collection", default="photos", show_default=True, help="photos or folder:PATH")
@click.option("--crops", "count", default=500, show_default=True, help="crops of a photograph")
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("results/codecs"))
@click.option(
    "--also",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="a further context model for the limit, as tools.train_codecs wrote it",
)
def main(collection: str, count: int, seed: int, out: Path, also: tuple[Path, ...]) -> None:
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
