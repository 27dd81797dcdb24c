"""What the commands of an index share: the cluster, the index, and values that are typed."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imgsig.cli.completion import index_names
from imgsig.errors import ConfigError, ImgsigError

if TYPE_CHECKING:
    from imgsig.cluster import ClusterSettings
    from imgsig.index import ImageIndex

#: Types whose values are no text: JSON has them too.
_NOT_TEXT = frozenset(
    (
        *("long", "integer", "short", "byte", "unsigned_long", "boolean"),
        *("double", "float", "half_float", "scaled_float"),
    )
)


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Indices and aliases of the cluster; none without an answer."""
    try:
        return index_names(_settings(ctx.params.get("url")), incomplete)
    except ImgsigError:
        return []


NAME = click.argument("name", shell_complete=_complete)

URL = click.option("--url", metavar="URL", is_eager=True, help="Cluster to use.  [default: ES_URL]")

FILTERS = click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only documents with this value of a field; or a query clause as JSON.",
)


def _settings(url: str | None) -> "ClusterSettings":
    from imgsig.cluster import ClusterSettings

    env = os.environ | ({"ES_URL": url} if url else {})
    if not env.get("ES_URL"):
        raise ConfigError(
            "no cluster is named: give --url, or set ES_URL, as in http://localhost:9200"
        )
    return ClusterSettings.from_env(env)


@contextmanager
def connected(url: str | None) -> Iterator[Any]:
    """A client of the cluster at a URL, or that the environment names."""
    from imgsig.cluster import connect

    settings = _settings(url)
    for risk in settings.risks():
        click.echo(f"imgsig: {risk}", err=True)
    client = connect(settings)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def opened(url: str | None, name: str) -> "Iterator[ImageIndex]":
    """An index of pictures that is there."""
    from imgsig.index import ImageIndex

    with connected(url) as client:
        yield ImageIndex.open(client, name)


def pairs(typed: Sequence[str], option: str) -> dict[str, str]:
    """Key and value of each ``KEY=VALUE``.

    >>> pairs(["tenant=x", "note=a=b"], "--metadata")
    {'tenant': 'x', 'note': 'a=b'}
    """
    found: dict[str, str] = {}
    for one in typed:
        key, equals, value = one.partition("=")
        if not equals or not key:
            raise click.UsageError(f"{option} takes KEY=VALUE, not {one!r}")
        if key in found:
            raise click.UsageError(f"{option} gives {key!r} twice; give it once")
        found[key] = value
    return found


def metadata_of(typed: Sequence[str], fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Metadata that were typed, for fields as they are declared; of objects by ``OUTER.INNER``.

    >>> metadata_of(["n=3", "t=3", "o.i=x"], {"n": {"type": "long"}, "t": {"type": "keyword"}})
    {'n': 3, 't': '3', 'o': {'i': 'x'}}
    """
    metadata: dict[str, Any] = {}
    for key, value in pairs(typed, "--metadata").items():
        *above, last = key.split(".")
        place, declared = metadata, fields
        for part in above:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise click.UsageError(f"--metadata gives {part!r} a value and parts; give either")
            declared = declared.get(part, {}).get("properties", {})
        kind = declared.get(last, {}).get("type")
        place[last] = _parsed(value) if kind in _NOT_TEXT else value
    return metadata


def _parsed(value: str) -> Any:
    """A number or a truth value; what is neither is left for the engine to refuse."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def filter_of(typed: Sequence[str]) -> dict[str, Any] | None:
    """The query clause that documents must match; None without one.

    >>> filter_of(["tenant=x"]), filter_of(['{"exists": {"field": "tenant"}}'])
    ({'term': {'tenant': 'x'}}, {'exists': {'field': 'tenant'}})
    """
    clauses = [_clause(one) for one in typed]
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}} if clauses else None


def _clause(typed: str) -> dict[str, Any]:
    if not typed.lstrip().startswith("{"):
        return {"term": pairs([typed], "--filter")}
    try:
        clause: dict[str, Any] = json.loads(typed)
    except ValueError as error:
        raise click.UsageError(f"--filter is no JSON: {error}") from None
    return clause


def read_json(path: Path, option: str) -> dict[str, Any]:
    """The object in a JSON file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(f"{option}: {path} is no JSON: {error}") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{option}: {path} holds no JSON object")
    return content
