"""Command: ``python -m bench.kinds.speed``."""

from pathlib import Path

import click
from rich.console import Console

from bench.kinds.speed.page import write_speed_report
from bench.kinds.speed.run import run_speed

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "speed.yaml"


@click.command()
@click.option(
    "--config", default=CONFIG, type=click.Path(exists=True, path_type=Path), show_default=False
)
@click.option("--results", default=Path("results"), type=click.Path(path_type=Path))
def main(config: Path, results: Path) -> None:
    """Time signatures beside image-match; write tables, figures and a page."""
    console = Console()
    # What is piped has no width of its own, and the table needs some.
    shown = console if console.is_terminal else Console(width=130)
    folder = run_speed(config, results, shown)
    write_speed_report(folder, folder.manifest(), shown)


if __name__ == "__main__":
    main()
