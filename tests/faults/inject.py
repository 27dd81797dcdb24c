"""Injects a group of faults, and carries what came of it to another process."""

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from textwrap import shorten

from bench.runs.folder import read_json, write_json
from tests.faults.fault import Fault
from tests.faults.groups import GROUPS
from tests.faults.setting import Setting


def inject_group(group: str, setting: Setting) -> Iterator[Fault]:
    """Inject the faults of a group; an error of the group itself is one more."""
    try:
        for fault in GROUPS[group](setting):
            # The folder has another name each time, and is gone afterwards.
            yield replace(fault, happened=fault.happened.replace(str(setting.folder), "FOLDER"))
    except Exception as error:
        traceback.print_exc()
        happened = shorten(f"{type(error).__name__}: {error}", 400)
        yield Fault(group, "the rest of this group", "it can be injected", happened, False)


def write_faults(path: Path, faults: Sequence[Fault]) -> None:
    """Write faults for `read_faults`."""
    write_json(path, [asdict(fault) for fault in faults])


def read_faults(path: Path) -> list[Fault]:
    """Read what `write_faults` wrote."""
    return [Fault(**row) for row in read_json(path)]
