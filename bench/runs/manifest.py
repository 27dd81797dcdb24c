"""What a finished run says of itself: config, code, machine, engine, tables."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bench.runs.environment import describe_machine
from bench.runs.errors import RunError
from bench.runs.folder import FORMAT_VERSION, RunFolder

#: What every manifest says, whatever the kind of its run.
_SAID: Mapping[str, type] = {
    **{"name": str, "title": str, "run": str, "finished": str, "config": dict, "config_text": str},
    **dict.fromkeys(("code", "machine", "engine", "dataset", "seconds", "tables"), dict),
}


def make_manifest(
    folder: RunFolder,
    kind: str,
    config: Any,
    *,
    config_text: str,
    code: Mapping[str, Any],
    engine: Mapping[str, Any],
    dataset: Mapping[str, Any],
    seconds: Mapping[str, float],
    tables: Mapping[str, Any],
    **facts: Any,
) -> dict[str, Any]:
    """Make the manifest of a run that has ended; a config has name, title and canonical form.

    The `code` is that of the run's start: what measures is loaded then, and may be changed since.
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
        "code": dict(code),
        "machine": describe_machine(),
        "engine": dict(engine),
        "dataset": dict(dataset),
        **facts,
        "seconds": dict(seconds),
        "tables": dict(tables),
    }


def read_manifest(folder: RunFolder) -> dict[str, Any]:
    """Read the manifest of a finished run, and see that it says what a run's does."""
    manifest = folder.manifest()
    wrong = [name for name, kind in _SAID.items() if not isinstance(manifest.get(name), kind)]
    if not wrong and not all(
        isinstance(entry, dict)
        and isinstance(entry.get("rows"), int)
        and isinstance(entry.get("columns"), dict)
        and isinstance(entry.get("sha256"), str)
        for entry in manifest["tables"].values()
    ):
        wrong = ["tables"]
    if wrong:
        raise RunError(
            f"{folder.path / 'manifest.json'} does not say {', '.join(wrong)} as that of a run "
            "does. If 'imgsig-bench run' wrote it, it was changed since: restore it, or run the "
            "config again. What other commands wrote, such as 'make bench-codecs', is not looked "
            "at here"
        )
    return manifest
