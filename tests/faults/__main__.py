"""``python -m tests.faults``: inject every fault, print a line for each; fails if one is not ok."""

import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bench.engine.external import VARIABLES
from bench.runs.folder import write_output
from tests.faults.fault import Fault
from tests.faults.groups import GROUPS
from tests.faults.inject import inject_group, read_faults, write_faults
from tests.faults.setting import Setting
from tests.faults.table import Run, describe_run, page, read_page, terminal_table


@click.command()
@click.option(
    "--only", multiple=True, type=click.Choice(list(GROUPS)), help="Inject these groups alone."
)
@click.option(
    "--kills", default=50, show_default=True, help="Moments at which the bench is killed."
)
@click.option("--files", default=2_400, show_default=True, help="Picture files that are spoilt.")
@click.option("--seed", default=0, show_default=True, help="Of all chance.")
@click.option("--jobs", default=2, show_default=True, help="Groups at a time.")
@click.option(
    "--write",
    type=click.Path(path_type=Path),
    help="Write the page, too; groups that are not injected stay in it.",
)
@click.option("--record", type=click.Path(path_type=Path), hidden=True)
def main(
    only: Sequence[str],
    kills: int,
    files: int,
    seed: int,
    jobs: int,
    write: Path | None,
    record: Path | None,
) -> None:
    """Inject every fault, print a line for each; fails if one is not as expected."""
    for name in VARIABLES:  # nothing of this is for somebody's cluster
        os.environ.pop(name, None)
    # Whoever started this in the background ignores Ctrl-C, and so would all that is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    groups = [group for group in GROUPS if group in only or not only]
    if record is not None:
        with tempfile.TemporaryDirectory(prefix="imgsig-faults-") as folder:
            Path(folder).chmod(0o711)  # root's engines run as nobody, who has to pass
            setting = Setting(Path(folder), kills, files, seed, _say)
            write_faults(record, list(inject_group(groups[0], setting)))
        return
    options = ["--kills", str(kills), "--files", str(files), "--seed", str(seed)]
    injected, runs = _in_processes(groups, options, jobs)
    faults = [fault for group in groups for fault in injected[group]]
    Console().print(terminal_table(faults))
    if write is not None:
        known, ran = read_page(write)
        known, ran = {**known, **injected}, {**ran, **runs}
        ordered = {group: known[group] for group in GROUPS if group in known}
        write_output(write, page(ordered, ran).encode())
    sys.exit(0 if all(fault.ok for fault in faults) else 1)


def _say(news: str) -> None:
    print(news, flush=True)


def _in_processes(
    groups: Sequence[str], options: Sequence[str], jobs: int
) -> tuple[dict[str, list[Fault]], dict[str, Run]]:
    """Inject groups in processes of their own, so that none can end or disturb another."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    with shown as progress, ThreadPoolExecutor(jobs) as pool, tempfile.TemporaryDirectory() as made:

        def inject(group: str) -> tuple[list[Fault], Run]:
            bar, began = progress.add_task(group, total=None), time.monotonic()
            faults = _in_process(group, options, Path(made) / f"{group}.json", progress, bar)
            progress.remove_task(bar)
            for fault in faults:
                mark = "ok" if fault.ok else "NOT AS EXPECTED"
                line = f"{fault.group}: {fault.injected}: {fault.happened} [{mark}]"
                progress.console.print(line, markup=False, highlight=False)
            return faults, describe_run(group, today, time.monotonic() - began)

        done = dict(zip(groups, pool.map(inject, groups), strict=True))
    return (
        {group: faults for group, (faults, _) in done.items()},
        {group: run for group, (_, run) in done.items()},
    )


def _in_process(
    group: str, options: Sequence[str], record: Path, progress: Progress, bar: TaskID
) -> list[Fault]:
    command = [sys.executable, "-m", "tests.faults", "--only", group, *options]
    with (
        record.with_suffix(".log").open("w+") as log,
        subprocess.Popen(
            [*command, "--record", str(record)], stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        for news in process.stdout or ():
            progress.update(bar, description=f"{group}: {news.strip()}")
        if process.wait() == 0:
            return read_faults(record)
        log.seek(0)
        said = log.read()[-2000:]
    return [Fault(group, "the whole group", "it can be injected", f"it ended: {said}", False)]


if __name__ == "__main__":
    main()
