"""What a shell completes: configs, finished runs, indices of the cluster at hand."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from bench.cli.cluster import cluster_environment
from bench.runs.environment import ROOT
from bench.runs.errors import BenchError
from imgsig.cli.completion import existing, starting_with

#: A shell waits for an answer: longer than this is worse than none.
_SECONDS = 2


def complete_configs(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Configs that come with the clone, and YAML files below the path typed so far."""
    shipped = [
        str(_from_here(path)) for path in sorted((ROOT / "bench" / "configs").glob("*.yaml"))
    ]
    names = starting_with(incomplete, shipped) + existing(incomplete, (".yaml", ".yml"))
    return [CompletionItem(name) for name in dict.fromkeys(names)]


def complete_runs(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Finished runs in the results folder, and folders below the path typed so far."""
    finished = sorted((ROOT / "results").glob("*/manifest.json"))
    names = starting_with(incomplete, [str(_from_here(path.parent)) for path in finished])
    return [CompletionItem(name) for name in dict.fromkeys(names + existing(incomplete, ()))]


def complete_indices(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Indices and aliases of the cluster that the command would look at; none without an answer."""
    from elasticsearch import ApiError, TransportError

    from bench.engine import EngineError
    from bench.engine.external import ExternalSettings

    try:
        env = cluster_environment(context.params.get("es_url"))
        client = ExternalSettings.from_env(env).client()
        brief = client.options(request_timeout=_SECONDS, max_retries=0)
        found = brief.indices.get_alias(index=f"{incomplete}*", expand_wildcards="open")
    except (BenchError, EngineError, ApiError, TransportError):
        return []
    names = {*found, *(alias for one in found.values() for alias in one["aliases"])}
    return [CompletionItem(name) for name in starting_with(incomplete, sorted(names))]


def _from_here(path: Path) -> Path:
    """The path as a user in this folder would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
