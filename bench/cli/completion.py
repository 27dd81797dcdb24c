"""What a shell completes: configs, finished runs, indices of the cluster at hand."""

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli.session import cluster_environment
from bench.runs.environment import ROOT
from bench.runs.errors import BenchError
from imgsig.cli.completion import existing, starting_with

if TYPE_CHECKING:
    from bench.engine.external import ExternalSettings

#: A shell waits for the answer: later than this is worse than none.
_SECONDS = 2


def complete_configs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Configs that come with the clone, and YAML files below the path typed so far."""
    shipped = sorted((ROOT / "bench" / "configs").glob("*.yaml"))
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
    from http.client import HTTPException
    from urllib.parse import quote

    from bench.engine.errors import EngineError
    from bench.engine.external import ExternalSettings

    target = f"/{quote(incomplete, safe='')}*/_alias?expand_wildcards=open"
    try:
        settings = ExternalSettings.from_env(cluster_environment(ctx.params.get("es_url")))
        found = _get(settings, target)
        names = {*found, *(alias for one in found.values() for alias in one["aliases"])}
    except (BenchError, EngineError, OSError, HTTPException, ValueError, LookupError, TypeError):
        return []
    return starting_with(incomplete, sorted(names))


def _get(settings: "ExternalSettings", target: str) -> dict[str, Any]:
    """What the cluster answers, asked as the client asks; importing that takes a second of CPU."""
    from http.client import HTTPConnection, HTTPException, HTTPSConnection
    from urllib.parse import urlsplit

    url = urlsplit(settings.url)
    connection = HTTPConnection(url.netloc, timeout=_SECONDS)
    if url.scheme == "https":
        connection = HTTPSConnection(url.netloc, timeout=_SECONDS, context=_tls(settings))
    headers = {"accept": "application/json"}
    if settings.api_key:
        headers["authorization"] = f"ApiKey {settings.api_key}"
    elif settings.basic_auth:
        pair = base64.b64encode(":".join(settings.basic_auth).encode())
        headers["authorization"] = f"Basic {pair.decode()}"
    try:
        connection.request("GET", url.path + target, headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise HTTPException(response.reason)
        content: dict[str, Any] = json.load(response)
        return content
    finally:
        connection.close()


def _tls(settings: "ExternalSettings") -> Any:
    import ssl

    import certifi  # whom the client trusts where no authority is named

    context = ssl.create_default_context(cafile=settings.ca_certs or certifi.where())
    if not settings.verify_certs:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _from_here(path: Path) -> Path:
    """The path as a user in this folder would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
