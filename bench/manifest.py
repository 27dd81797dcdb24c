"""What a finished run says of itself: config, code, machine, engine, tables."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bench.environment import describe_code, describe_machine
from bench.run_folder import FORMAT_VERSION, RunFolder


def make_manifest(
    folder: RunFolder,
    kind: str,
    config: Any,
    *,
    config_text: str,
    engine: Mapping[str, Any],
    dataset: Mapping[str, Any],
    seconds: Mapping[str, float],
    tables: Mapping[str, Any],
    **facts: Any,
) -> dict[str, Any]:
    """Make the manifest of a run that has ended.

    Parameters
    ----------
    folder : RunFolder
        The run's.
    kind : str
        ``experiment``, ``sweep`` or ``scale``.
    config : pydantic model
        With ``name``, ``title`` and ``canonical()``.
    config_text : str
        As its author wrote it.
    engine, dataset : mapping
        What it ran on.
    seconds : mapping
        How long each stage took.
    tables : mapping
        Rows, columns and SHA-256 of each table.
    **facts
        What only this kind of run has to say.

    Returns
    -------
    dict
        JSON-ready.
    """
    return {
        "format": FORMAT_VERSION,
        "kind": kind,
        "name": config.name,
        "title": config.title,
        "run": folder.path.name,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": config.canonical(),
        "config_text": config_text,
        "code": describe_code(),
        "machine": describe_machine(),
        "engine": dict(engine),
        "dataset": dict(dataset),
        **facts,
        "seconds": dict(seconds),
        "tables": dict(tables),
    }
