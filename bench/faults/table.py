"""Faults as a table: on the terminal, and as the page that is committed."""

import platform
import re
from collections.abc import Sequence
from importlib.metadata import version

from rich.table import Table

from bench.environment import describe_code
from bench.faults.fault import Fault

#: Packages whose behaviour the faults are about.
PACKAGES = ("elasticsearch", "numpy", "pillow", "pyarrow", "ruamel.yaml", "zstandard")


def terminal_table(faults: Sequence[Fault]) -> Table:
    """Faults for a person to read, one row each."""
    table = Table("group", "injected", "expected", "happened", "ok")
    for fault in faults:
        ok = "yes" if fault.ok else "[bold red]NO"
        table.add_row(fault.group, fault.injected, fault.expected, fault.happened, ok)
    return table


def page(faults: Sequence[Fault], *, date: str, elasticsearch: str, took: str) -> str:
    """Faults as a page in Markdown.

    Parameters
    ----------
    faults : sequence of Fault
        In the order in which they were injected.
    date : str
        Of the run, ISO.
    elasticsearch : str
        Version of the engine.
    took : str
        How long the whole run took.

    Returns
    -------
    str
    """
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    code = describe_code()
    commit = f"{str(code['commit'])[:7]}{' with changes' if code['dirty'] else ''}"
    rows = ["| " + " | ".join(map(_cell, _row(fault))) + " |" for fault in faults]
    good = sum(fault.ok for fault in faults)
    return "\n".join(
        [
            "# Faults, injected",
            "",
            "Written by `make faults`, which makes each of these faults really happen: it kills",
            "the programme, fills a disk, stands between the harness and Elasticsearch, spoils",
            "files.",
            "",
            f"{good} of {len(faults)} as expected · {date} · {took} ·",
            f"Elasticsearch {elasticsearch} · Python {platform.python_version()} ·",
            f"{platform.system()} {platform.machine()} ·",
            f"{packages} · commit {commit}",
            "",
            "| group | injected | expected | happened | ok |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _row(fault: Fault) -> tuple[str, ...]:
    ok = "yes" if fault.ok else "NO"
    return fault.group, fault.injected, fault.expected, fault.happened, ok


def _cell(text: str) -> str:
    """Text that is one cell: no bars, line breaks or markup of its own."""
    return re.sub(r"([\\|<>*_`\[\]])", r"\\\1", " ".join(text.split()))
