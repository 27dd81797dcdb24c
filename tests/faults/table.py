"""Faults as a table: on the terminal, and as the page that is committed.

The page is what is kept: it is read again when some groups are injected anew, so that each group
tells when, with which code and for how long it was injected.
"""

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path

from bench.runs.environment import describe_code
from tests.faults.fault import Fault
from tests.shared import DISTRIBUTION

#: Packages whose behaviour the faults are about.
PACKAGES = ("elasticsearch", "numpy", "pillow", "pyarrow", "ruamel.yaml", "zstandard")

_RUNS = ("group", "date", "took", "commit", "versions")
_FAULTS = ("group", "injected", "expected", "happened", "ok")


@dataclass(frozen=True)
class Run:
    """When and with what a group was injected.

    Parameters
    ----------
    group : str
        Its name.
    date : str
        ISO.
    took : str
        For a person to read.
    commit : str
        Of the code.
    versions : str
        Of the engine, the interpreter, the system and packages.
    """

    group: str
    date: str
    took: str
    commit: str
    versions: str


def describe_run(group: str, date: str, seconds: float) -> Run:
    """What is to be known of a group that was injected now."""
    code = describe_code()
    commit = f"{str(code['commit'])[:7]}{' with changes' if code['dirty'] else ''}"
    parts = [
        DISTRIBUTION.title,
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.machine()}",
        *(f"{name} {version(name)}" for name in PACKAGES),
    ]
    return Run(group, date, f"{seconds / 60:.1f} minutes", commit, ", ".join(parts))


def page(faults: Mapping[str, Sequence[Fault]], runs: Mapping[str, Run]) -> str:
    """Faults as a page in Markdown."""
    every = [fault for group in faults.values() for fault in group]
    good = sum(fault.ok for fault in every)
    return "\n".join(
        [
            "# Faults, injected",
            "",
            "Written by `make faults`, which makes each of these faults really happen: it kills",
            "the programme, fills a disk, stands between the harness and Elasticsearch, spoils",
            "files.",
            "",
            f"{good} of {len(every)} as expected.",
            "",
            *_table(_FAULTS, [(*astuple(fault)[:4], _said(fault.ok)) for fault in every]),
            "",
            "## When, and with what",
            "",
            *_table(_RUNS, [astuple(runs[group]) for group in faults]),
            "",
        ]
    )


def read_page(path: Path) -> tuple[dict[str, list[Fault]], dict[str, Run]]:
    """Read what `page` wrote."""
    faults: dict[str, list[Fault]] = {}
    runs: dict[str, Run] = {}
    reading: tuple[str, ...] = ()
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        cells = [_plain(cell) for cell in re.findall(r"\| ((?:[^|\\]|\\.)*) (?=\|)", line)]
        if tuple(cells) in (_RUNS, _FAULTS):
            reading = tuple(cells)
        elif reading and len(cells) == len(reading) and set(cells) != {"---"}:
            if reading == _FAULTS:
                group, injected, expected, happened, ok = cells
                fault = Fault(group, injected, expected, happened, ok == "yes")
                faults.setdefault(group, []).append(fault)
            else:
                runs[cells[0]] = Run(*cells)
    return faults, runs


def _said(ok: bool) -> str:
    return "yes" if ok else "NO"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *([_cell(text) for text in row] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def _cell(text: str) -> str:
    """Text that is one cell: no bars, line breaks or markup of its own."""
    return re.sub(r"([\\|<>*_`\[\]])", r"\\\1", " ".join(text.split()))


def _plain(cell: str) -> str:
    return re.sub(r"\\(.)", r"\1", cell)
