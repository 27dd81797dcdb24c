"""``python -m tests.soak``: work for a while, and fail if memory or handles grow."""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.cli.session import errors_explained
from bench.engine import engine_status, open_engine, terminated_as_exception
from bench.report.drawing import png_bytes, style, svg_bytes
from bench.runs.environment import describe_code, describe_machine
from bench.runs.folder import write_bytes, write_json, write_parquet
from tests.soak.figure import held_over_time
from tests.soak.process_tree import Held
from tests.soak.soak import Soaked, soak


@click.command()
@click.option("--minutes", type=click.FloatRange(min=1), default=30.0, show_default=True)
@click.option("--heap", default="512m", show_default=True, help="Of the engine.")
@click.option("--write", type=click.Path(path_type=Path), help="Folder of samples and figure.")
def main(minutes: float, heap: str, write: Path | None) -> None:
    """Index and search for a while, on an engine of its own; fails if the harness grows."""
    console = Console()
    with (
        errors_explained(),
        tempfile.TemporaryDirectory(prefix="imgsig-soak-") as made,
        terminated_as_exception(),
    ):
        folder = Path(made)
        folder.chmod(0o711)  # root's engines run as nobody, who has to pass
        soaked, engine = _soak(folder, minutes * 60, heap)
    left = [*soaked.left, *left_behind(folder)]
    for line in summary(soaked, left):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    ok = soaked.ok and not left
    if write is not None:
        _write(write, soaked, {"left": left, "ok": ok, "engine": engine})
        console.print(f"Written to {write}", markup=False, highlight=False, soft_wrap=True)
    sys.exit(0 if ok else 1)


def _soak(folder: Path, seconds: float, heap: str) -> tuple[Soaked, dict[str, object]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # Without the name of a cluster: a soak is on an engine of its own.
    env = {name: value for name, value in os.environ.items() if name != "ES_URL"}
    with (
        open_engine(folder / "engine", heap=heap, env=env) as engine,
        Progress(*columns, console=Console(stderr=True)) as progress,
    ):
        bar = progress.add_task("Soaking", total=seconds)

        def advance(spent: float, rounds: int, now: Held) -> None:
            text = (
                f"round {rounds}: {now.own_bytes / 1e6:.1f} MB, {now.handles} handles, "
                f"{now.threads} threads, {now.children} children"
            )
            progress.update(bar, description=text, completed=min(spent, seconds))
            if not progress.console.is_terminal and rounds % 10 == 0:
                progress.console.print(f"{spent:.0f} s, {text}")

        return soak(engine.client, folder / "pictures", seconds, advance=advance), engine.describe()


def left_behind(folder: Path) -> list[str]:
    """What is still there of a soak that has ended: its folder, and engines in it."""
    engines = [
        f"engine at {state.url} (process {state.pid})"
        for state in engine_status()
        if Path(state.folder).is_relative_to(folder.resolve())
    ]
    return engines + ([f"folder {folder}"] if folder.exists() else [])


def summary(soaked: Soaked, left: list[str]) -> list[str]:
    """What came of it, in sentences."""
    lines = [
        f"{soaked.rounds} indices built, searched and deleted in {soaked.seconds / 60:.1f} "
        f"minutes, {soaked.settled} of them settled; {soaked.hits:,} hits compared, "
        f"{soaked.pictures:,} pictures signed."
    ]
    for one in soaked.growth:
        unit, name = (1e6, "MB") if one.quantity == "own_bytes" else (1.0, one.quantity)
        lines.append(
            f"{one.quantity}: {one.level / unit:.1f} {name} after a round, "
            f"{one.growth / unit:+.2f} in this run ({one.low / unit:+.2f} to "
            f"{one.high / unit:+.2f}, {one.points} samples); allowed {one.allowed / unit:.2f}: "
            f"{'ok' if one.ok else 'GROWS'}"
        )
    return [*lines, *(f"Left behind: {what}" for what in left or ["nothing"])]


def _write(folder: Path, soaked: Soaked, more: dict[str, Any]) -> None:
    write_parquet(folder / "samples.parquet", soaked.samples)
    with style():
        figure = held_over_time(soaked.samples, soaked.growth)
        write_bytes(folder / "held.png", png_bytes(figure))
        write_bytes(folder / "held.svg", svg_bytes(figure))
    about = {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "code": describe_code(),
        "machine": describe_machine(),
    }
    write_json(folder / "soak.json", about | soaked.describe() | more)


if __name__ == "__main__":
    main()
