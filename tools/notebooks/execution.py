"""Execute notebooks so that equal results give equal bytes."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from traitlets.config import Config

from bench.notebooks.results import DATA_VARIABLE, RESULTS_VARIABLE
from bench.runs.errors import BenchError
from bench.runs.folder import write_bytes

#: What of an execution is recorded in a notebook, see `tools.notebooks.staleness`.
RECORD = "imgsig"
#: Seconds that a cell may take.
TIMEOUT = 600
#: Runs after the last cell and is not saved: what was read and written.
_ASK = (
    "import json as _json\n"
    "from bench.notebooks.display import data_written as _written\n"
    "from bench.notebooks.results import tables_read as _read\n"
    "print(_json.dumps({'tables': _read(), 'data': _written()}))"
)


class NotebookError(BenchError):
    """A notebook failed, warned, or shows what is no longer so."""


def read_notebook(path: Path) -> NotebookNode:
    """Read and validate a notebook."""
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except (nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        raise NotebookError(f"{path.name} is no notebook: {error}") from error
    return notebook


def code_digest(notebook: NotebookNode) -> str:
    """SHA-256 of the source of all cells, in order."""
    sources = [[cell.cell_type, cell.source] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def executed(
    path: Path, *, results: Path, data: Path, env: Mapping[str, str] = os.environ
) -> NotebookNode:
    """Execute a notebook and give it with its outputs; the file is left as it is."""
    notebook = read_notebook(path)
    count = len(notebook.cells)
    notebook.cells.append(nbformat.v4.new_code_cell(_ASK))  # type: ignore[no-untyped-call]
    variables = {**env, RESULTS_VARIABLE: str(results), DATA_VARIABLE: str(data)}
    with tempfile.TemporaryDirectory(prefix="imgsig-") as sockets:
        client = NotebookClient(
            notebook,
            timeout=TIMEOUT,
            kernel_name="python3",
            record_timing=False,
            config=_transport(Path(sockets)),
            resources={"metadata": {"path": str(path.parent)}},
        )
        try:
            client.execute(env=variables)
        except CellExecutionError as error:
            raise NotebookError(f"{path.name} failed: {error}") from error
    *cells, asked = notebook.cells
    for cell in cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise NotebookError(f"{path.name} warns: {output.text}")
    notebook.cells = cells[:count]
    record = {"code": code_digest(notebook), **json.loads(asked.outputs[0].text)}
    return _settled(notebook, record)


def _transport(folder: Path) -> Config:
    """Sockets that are files, where the system has them: to TCP's all its users may listen."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(folder / "kernel")}})


def _settled(notebook: NotebookNode, record: Mapping[str, Any]) -> NotebookNode:
    """Leave out of a notebook what differs between executions, and write down its record."""
    notebook.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            RECORD: dict(record),
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook aside and rename it."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    write_bytes(path, text.rstrip("\n").encode() + b"\n")
