"""Plans of servers that are not started."""

from pathlib import Path

from bench.engine.server import Plan


def made_plan(folder: Path, home: Path = Path("/home"), engine: str = "elasticsearch") -> Plan:
    """A plan whose server is in a folder and has its shipped files in another."""
    java, state = Path("/java"), Path("/state.json")
    return Plan(folder, home, java, "1g", engine, "9.2.4", "10.3.2", state, "secret")
