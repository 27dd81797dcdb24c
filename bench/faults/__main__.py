"""``python -m bench.faults``: inject every fault, print a line for each; fails if one is not ok."""

import datetime as dt
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bench.engine.distribution import SERVER
from bench.faults.fault import Fault
from bench.faults.groups import GROUPS
from bench.faults.setting import Setting
from bench.faults.table import page, terminal_table

#: Variables that would send the faults to somebody's cluster.
CLUSTER = ("ES_URL", "ES_API_KEY", "ES_USER", "ES_PASSWORD", "ES_CA_CERTS", "ES_VERIFY_CERTS")


@click.command()
@click.option(
    "--only", multiple=True, type=click.Choice(list(GROUPS)), help="Inject these groups alone."
)
@click.option(
    "--kills", default=50, show_default=True, help="Moments at which the bench is killed."
)
@click.option("--files", default=2_400, show_default=True, help="Picture files that are spoilt.")
@click.option("--seed", default=0, show_default=True, help="Of all chance.")
@click.option("--write", type=click.Path(path_type=Path), help="Write the table as a page, too.")
def main(only: Sequence[str], kills: int, files: int, seed: int, write: Path | None) -> None:
    """Inject every fault, print a line for each; fails if one is not as expected."""
    for name in CLUSTER:
        os.environ.pop(name, None)
    began = time.monotonic()
    console, faults = Console(), list[Fault]()
    shown = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with shown as progress:
        for group in only or GROUPS:
            bar = progress.add_task(group, total=None)

            def advance(news: str, bar: object = bar, group: str = group) -> None:
                progress.update(bar, description=f"{group}: {news}")  # type: ignore[arg-type]

            with tempfile.TemporaryDirectory(prefix="imgsig-faults-") as folder:
                Path(folder).chmod(0o711)  # root's engines run as nobody, who has to pass
                setting = Setting(Path(folder), kills, files, seed, advance)
                for fault in _of_group(group, setting):
                    faults.append(fault)
                    mark = "ok" if fault.ok else "NOT AS EXPECTED"
                    line = f"{fault.group}: {fault.injected}: {fault.happened} [{mark}]"
                    progress.console.print(line, markup=False, highlight=False)
            progress.remove_task(bar)
    console.print(terminal_table(faults))
    if write is not None:
        took = f"{(time.monotonic() - began) / 60:.0f} minutes"
        today = dt.datetime.now(dt.UTC).date().isoformat()
        text = page(faults, date=today, elasticsearch=SERVER.version, took=took)
        aside = write.with_suffix(".part")
        aside.write_text(text, encoding="utf-8")
        aside.replace(write)
    sys.exit(0 if all(fault.ok for fault in faults) else 1)


def _of_group(group: str, setting: Setting) -> Iterator[Fault]:
    """The faults of a group; an error of the group itself is one more, and the others go on."""
    try:
        yield from GROUPS[group](setting)
    except Exception as error:
        traceback.print_exc()
        happened = shorten(f"{type(error).__name__}: {error}", 400)
        yield Fault(group, "the rest of this group", "it can be injected", happened, False)


if __name__ == "__main__":
    main()
