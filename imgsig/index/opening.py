"""Create and open an index of pictures, without input and output; see `imgsig.index.ports`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from imgsig.codecs import Codec
from imgsig.config import SignatureConfig
from imgsig.errors import ConfigError, EngineError, OtherIndexError
from imgsig.index.fields import Fields
from imgsig.index.identity import (
    DEFAULT_CODEC,
    RECOMMENDED_LAYOUT,
    RECOMMENDED_WORDS,
    Identity,
)
from imgsig.index.ports import Operation, ask
from imgsig.index.writing import cause_of, checked, path_of
from imgsig.words import WordScheme


def identity_of(
    layout: str | None = None,
    words: WordScheme | Mapping[str, Any] | None = None,
    codec: Codec | Mapping[str, Any] | None = None,
    config: SignatureConfig | Mapping[str, Any] | None = None,
) -> Identity:
    """The identity of a new index; each part as an object or as its config.

    Words are those of the recommended layout if no layout is named, else image-match's; what a
    config of words leaves out is taken from these.
    """
    if layout is None:
        layout = RECOMMENDED_LAYOUT
        if not isinstance(words, WordScheme):
            words = {**RECOMMENDED_WORDS, **(words or {})}
    parts = {"words": words, "codec": codec or DEFAULT_CODEC, "signature": config}
    given: dict[str, Any] = {"layout": layout}
    for name, part in parts.items():
        if part is not None:
            given[name] = part.get_config() if hasattr(part, "get_config") else part
    return Identity.from_config(given)


@dataclass(frozen=True)
class Place:
    """An index on an engine: what it was asked for by, what it is, and what it was made with."""

    name: str
    index: str
    identity: Identity
    fields: Fields
    #: Whether the index itself says what it was made with.
    is_described: bool = True
    #: Fields that filters have named and the index maps.
    mapped: set[str] = field(default_factory=set, compare=False)

    @property
    def is_alias(self) -> bool:
        """Whether its name is an alias."""
        return self.name != self.index

    def check(self, indices: Iterable[str]) -> None:
        """Refuse answers of another index than was opened: what it was made with is not known."""
        if others := sorted(set(indices) - {self.index}):
            raise OtherIndexError(
                f"{self.name!r} now stands for {', '.join(others)}, and stood for {self.index} "
                "when it was opened; open it again"
            )


def create(
    name: str,
    identity: Identity,
    fields: Mapping[str, Any] | None,
    settings: Mapping[str, Any] | None,
    family: str,
) -> Operation[Place]:
    """Create an index that describes itself."""
    declared = Fields(identity, fields or {})
    mappings = identity.layout.mappings(identity.words, identity.codec)
    if declared.declared:
        mappings["properties"] = {**mappings.get("properties", {}), **declared.declared}
    mappings["_meta"] = identity.meta((yield from engine_of(family)))
    body = {"mappings": mappings, "settings": {**identity.layout.settings(), **(settings or {})}}
    response = yield from ask("PUT", path_of(name), body=body)
    if response.error.get("type") == "resource_already_exists_exception":
        raise OtherIndexError(
            f"index {name!r} exists; open it with ImageIndex.open or add to it with imgsig index "
            "add, or choose another name"
        )
    if response.status == 400:
        raise EngineError(
            f"index {name!r} cannot be created with layout {identity.layout.layout_id!r}: the "
            f"engine says {response.error.get('type')}: {cause_of(response.error)}. Choose another "
            "layout, or correct its fields, settings or name",
            response.status,
        )
    checked(response, name)
    return Place(name, name, identity, declared)


def engine_of(family: str) -> Operation[dict[str, Any]]:
    """Name and version of the engine; None as the version where it does not tell."""
    told = yield from ask("GET", "/")
    version = told.body.get("version", {}) if isinstance(told.body, Mapping) else {}
    if "number" in version:
        return {"name": version.get("distribution", family), "version": version["number"]}
    # The distribution for embedded use has no "GET /".
    nodes = yield from ask("GET", "/_nodes/_local/process")
    found = nodes.body.get("nodes", {}) if isinstance(nodes.body, Mapping) else {}
    versions = sorted({node["version"] for node in found.values() if "version" in node})
    return {"name": family, "version": ", ".join(versions) or None}


def opened(name: str, identity: Identity | None) -> Operation[Place]:
    """Read what an index was made with; see `ImageIndex.open`."""
    if not name or name.startswith("_"):
        raise ConfigError(f"no index is called {name!r}; is a variable empty? Name the index")
    response = yield from ask("GET", path_of(name))
    if response.status == 404:
        raise OtherIndexError(
            f"there is no index {name!r}; create it with ImageIndex.create or imgsig index create, "
            "or correct its name"
        )
    checked(response, name)
    found: Mapping[str, Any] = response.body
    for about in found.values():
        if stream := about.get("data_stream"):
            raise OtherIndexError(
                f"{name!r} is the data stream {stream!r}: it takes new documents with a timestamp "
                "only, and none of them can be replaced or deleted by its id. Create an index for "
                "pictures"
            )
    if len(found) != 1:
        raise OtherIndexError(
            f"{name!r} stands for {len(found)} indices ({', '.join(sorted(found)[:5])}); open one "
            "of them"
        )
    ((index, about),) = found.items()
    mappings = about.get("mappings", {})
    written = Identity.from_meta(mappings.get("_meta", {}), index)
    if written is None:
        if identity is None:
            raise OtherIndexError(
                f"index {index!r} does not say what it was made with, so it is no index of "
                "ImageIndex.create. Give identity= if you know it, use imgsig.compat for an "
                "index of image-match, or migrate it with imgsig-bench migrate"
            )
        return Place(name, index, identity, Fields(identity, None), is_described=False)
    if identity is not None and identity != written:
        raise OtherIndexError(
            f"index {index!r} was made with {written}, not with {identity}; open it without "
            "identity=, or choose the index that was made so"
        )
    return Place(name, index, written, Fields.of_mapping(written, mappings.get("properties", {})))
