"""What a shell completes: configs, finished runs, indices of the cluster at hand."""

from pathlib import Path

import click

from bench.cli.session import cluster_environment
from bench.runs.environment import ROOT
from bench.runs.errors import BenchError
from imgsig.cli.completion import existing, starting_with


def complete_configs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Configs that come with the clone, and YAML files below the path typed so far."""
    shipped = sorted((ROOT / "bench" / "configs").rglob("*.yaml"))
    names = starting_with(incomplete, [str(_from_here(path)) for path in shipped])
    names += existing(incomplete, (".yaml", ".yml"))
    return list(dict.fromkeys(names))


def complete_runs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Finished runs in the results folder, and folders below the path typed so far."""
    finished = sorted((ROOT / "results").glob("*/manifest.json"))
    names = starting_with(incomplete, [str(_from_here(path.parent)) for path in finished])
    return list(dict.fromkeys(names + existing(incomplete, ())))


def complete_indices(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Indices and aliases of the cluster that the command would use; none without an answer."""
    from bench.engine.errors import EngineError
    from bench.engine.external import settings_from
    from imgsig.cli.completion import index_names
    from imgsig.errors import ImgsigError

    try:
        settings = settings_from(cluster_environment(ctx.params.get("es_url")))
    except (BenchError, EngineError, ImgsigError, OSError):
        return []
    return index_names(settings, incomplete)


def _from_here(path: Path) -> Path:
    """The path as a user in this folder would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
