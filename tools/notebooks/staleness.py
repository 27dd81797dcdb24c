"""Whether a notebook still shows what its code and the results say."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from nbformat import NotebookNode
from PIL import Image

from bench.notebooks.results import digest
from tools.notebooks.execution import RECORD, code_digest, read_notebook

#: Mean difference of pixels, of 255, up to which two drawings are the same: machines round
#: differently.
_SAME_PIXELS = 1.0


def stale(path: Path, *, results: Path, data: Path) -> list[str]:
    """Reasons why a notebook must be executed again, without executing it.

    Returns
    -------
    list of str
        Empty where its cells, the tables that they read and the data that they wrote are those of
        its execution.
    """
    notebook = read_notebook(path)
    record = notebook.metadata.get(RECORD)
    if record is None:
        return ["was not executed by 'make notebooks'"]
    reasons = []
    if record["code"] != code_digest(notebook):
        reasons.append("its cells were changed")
    reasons += _changed(results, record["tables"])
    reasons += _changed(data, record["data"])
    return reasons


def _changed(folder: Path, digests: dict[str, str]) -> list[str]:
    reasons = []
    for name, expected in digests.items():
        path = folder / name
        if not path.is_file():
            reasons.append(f"{name} is gone")
        elif digest(path) != expected:
            reasons.append(f"{name} was changed")
    return reasons


def differences(before: NotebookNode, after: NotebookNode) -> list[str]:
    """What another execution shows differently."""
    if len(before.cells) != len(after.cells):
        return [f"{len(after.cells)} cells instead of {len(before.cells)}"]
    found = []
    for old, new in zip(before.cells, after.cells, strict=True):
        if old.source != new.source or not _same(list(_shown(old)), list(_shown(new))):
            found.append(f"cell {new.id!r} shows something else")
    return found


def _shown(cell: NotebookNode) -> Iterator[tuple[str, Any]]:
    for output in cell.get("outputs", []):
        # Sorted: a kernel sends kinds in its order, a file has them in that of their names.
        yield from sorted(output.get("data", {"text": output.get("text")}).items())


def _same(old: list[tuple[str, Any]], new: list[tuple[str, Any]]) -> bool:
    if [kind for kind, _ in old] != [kind for kind, _ in new]:
        return False
    return all(
        same_pixels(a, b) if kind == "image/png" else a == b
        for (kind, a), (_, b) in zip(old, new, strict=True)
    )


def same_pixels(old: str, new: str) -> bool:
    """Whether two pictures (base 64) are the same but for rounding."""
    arrays = []
    for text in (old, new):
        with Image.open(io.BytesIO(base64.b64decode(text))) as picture:
            arrays.append(np.asarray(picture.convert("RGB"), dtype=np.float64))
    if arrays[0].shape != arrays[1].shape:
        return False
    return bool(np.abs(arrays[0] - arrays[1]).mean() <= _SAME_PIXELS)
