"""What the process that watches over a server is told by the process that wants the server."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """Everything needed to start one server.

    Parameters
    ----------
    folder : Path
        The engine's folder, claimed by the sender.
    home, java_home : Path
        The unpacked server and the Java it runs on.
    heap : str
        Size of the heap.
    version, lucene : str
        What the server is; written into its state.
    state_file : Path
        Where its state is written.
    member, members : str
        Name of the node, and names of all nodes of its cluster, separated by commas; empty for an
        engine of one node.
    """

    folder: Path
    home: Path
    java_home: Path
    heap: str
    version: str
    lucene: str
    state_file: Path
    member: str = ""
    members: str = ""

    def to_line(self) -> str:
        """Return the plan as one line of JSON."""
        return json.dumps({name: str(value) for name, value in dataclasses.asdict(self).items()})

    @classmethod
    def from_line(cls, line: str) -> "Plan":
        """Read what :meth:`to_line` wrote."""
        values = json.loads(line)
        for name in ("folder", "home", "java_home", "state_file"):
            values[name] = Path(values[name])
        return cls(**values)
