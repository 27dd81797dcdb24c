"""The kinds of runs. A new one is a folder below `bench.kinds` and a line here."""

from importlib import import_module
from pathlib import Path
from typing import Any

from bench.kinds.base import Kind
from bench.runs.config_file import read_config
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder

#: Where each kind is; it is imported when it is asked for.
KINDS = {
    "experiment": "bench.kinds.experiment.kind:ExperimentKind",
    "sweep": "bench.kinds.sweep.kind:SweepKind",
    "scoring": "bench.kinds.scoring.kind:ScoringKind",
    "hashes": "bench.kinds.hashes.kind:HashesKind",
    "remedies": "bench.kinds.remedies.kind:RemediesKind",
    "nodes": "bench.kinds.nodes.kind:NodesKind",
    "scale": "bench.kinds.scale.kind:ScaleKind",
    "speed": "bench.kinds.speed.kind:SpeedKind",
    "engines": "bench.kinds.engines.kind:EnginesKind",
    "codecs": "bench.kinds.codecs.kind:CodecsKind",
}


def get_kind(name: str) -> Kind[Any]:
    """The kind of that name."""
    if not isinstance(name, str) or name not in KINDS:
        raise ExperimentError(f"kind must be one of {', '.join(KINDS)}, not {name!r}")
    module, attribute = KINDS[name].split(":")
    kind: Kind[Any] = getattr(import_module(module), attribute)()
    return kind


def kind_of(config: Path) -> Kind[Any]:
    """The kind that a config says it is; without the key ``kind`` it is an experiment."""
    return _located(read_config(config).get("kind", "experiment"), config)


def kind_of_run(folder: RunFolder) -> Kind[Any]:
    """The kind of a finished run."""
    return _located(folder.manifest().get("kind", "experiment"), folder.path)


def _located(name: Any, where: Path) -> Kind[Any]:
    try:
        return get_kind(name)
    except ExperimentError as error:
        raise ExperimentError(f"{where}: {error}") from error
