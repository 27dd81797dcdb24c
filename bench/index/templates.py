"""What an index has that nobody asked for: a cluster's templates add to every index they match.

Figures are of what was asked for. What an engine writes down by itself, such as an id, is no
matter.

https://www.elastic.co/docs/manage-data/data-store/templates
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.engine.client import Client
from bench.runs.errors import IndexStateError

#: How settings begin, below ``index``, that change bytes, hits, times or what outlives a crash.
_CHANGING = (
    *("analysis.analyzer.default", "auto_expand_replicas", "bloom_filter", "codec"),
    *("default_pipeline", "derived_source", "final_pipeline", "knn", "lifecycle.", "mapping."),
    *("merge.", "mode", "plugins.index_state_management.", "queries.cache.", "refresh_interval"),
    *("search.default_pipeline", "similarity.", "soft_deletes.", "sort.", "store."),
    *("time_series.", "translog."),
)
#: Of them, what refuses documents and changes none.
_LIMIT = ".limit"
#: Parameters that an engine fills in where they are left out.
_FILLED_IN = ".index_options."
#: How many are named, and characters of each.
_NAMED, _SHOWN = 8, 80


def check_as_asked(
    client: Client, index: str, mappings: Mapping[str, Any], settings: Mapping[str, Any]
) -> None:
    """Refuse an index, new and empty, that has more than it was created with, and delete it."""
    found = client.indices.get(index=index, flat_settings=True)[index]
    added = not_asked_for(found, mappings, settings)
    if not added:
        return
    client.indices.delete(index=index)
    more = f" and {len(added) - _NAMED} more" if len(added) > _NAMED else ""
    raise IndexStateError(
        f"index {index!r} got what was not asked for, and is deleted again: "
        f"{', '.join(added[:_NAMED])}{more}. Mostly an index template of the cluster adds it (GET "
        "_index_template and GET _template list them), and it would change what is measured. "
        "Exempt these names by a template of a higher priority that sets nothing, such as PUT "
        f'_index_template/imgsig-bench {{"index_patterns": ["{index}"], "priority": 1000000}}, '
        "then run again"
    )


def not_asked_for(
    found: Mapping[str, Any], mappings: Mapping[str, Any], settings: Mapping[str, Any]
) -> list[str]:
    """What an index was created without: parameters with their values, in order.

    Settings are flat; those that were `found` begin with ``index.``.

    >>> found = {"settings": {"index.codec": "best_compression"}, "mappings": {"dynamic": "false"}}
    >>> not_asked_for(found, {"dynamic": "false"}, {"refresh_interval": "-1"})
    ['index.codec: best_compression']
    """
    asked = dict(_parameters(mappings))
    if "mapping.source.mode" in settings:
        asked["_source.mode"] = settings["mapping.source.mode"]  # some versions tell it here too
    unasked = {
        f"mappings.{name}": value
        for name, value in _parameters(found["mappings"])
        if not (_is(value, asked[name]) if name in asked else _FILLED_IN in name)
    }
    for name, value in found["settings"].items():
        short = name.removeprefix("index.")
        as_asked = short in settings and _is(value, settings[short])
        if short.startswith(_CHANGING) and not short.endswith(_LIMIT) and not as_asked:
            unasked[name] = value
    return [f"{name}: {value}"[:_SHOWN] for name, value in sorted(unasked.items())]


def _parameters(mappings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names with dots, and values, of all but what an index says of itself."""
    for name, value in mappings.items():
        if name == "_meta":
            continue
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", one) for inner, one in _parameters(value))
        else:
            yield name, value


def _is(value: object, asked: object) -> bool:
    """Whether a value is what was asked for: an engine tells numbers as text."""
    return str(value).lower() == str(asked).lower()
