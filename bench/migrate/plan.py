"""A migration as it is planned: from what, to what, and how; nothing is written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.index.variant import Variant, check_index_name
from bench.kinds.registry import kind_of
from bench.migrate.codec_detection import signature_config
from bench.migrate.detect import Detected
from bench.migrate.fields import Fields
from bench.migrate.prefix import TOP
from bench.migrate.source import Source
from bench.runs.config_file import short_hash
from bench.runs.errors import ExperimentError
from imgsig.layouts import LAYOUTS, Layout, get_layout

#: Settings while documents are loaded: no refreshes by the clock.
LOADING = {"refresh_interval": "-1"}


@dataclass(frozen=True)
class Plan:
    """What determines a migration.

    Parameters
    ----------
    source : Source
        The index to read.
    detected : Detected
        How its signatures are stored, and which words it has.
    variant : Variant
        What to build, with its name.
    fields : Fields
        What is passed on beside signature, words and path.
    copy_words : bool
        Whether words are copied instead of computed from the signatures.
    shards, replicas : int
        Of the new index.
    """

    source: Source
    detected: Detected
    variant: Variant
    fields: Fields
    copy_words: bool
    shards: int
    replicas: int

    @property
    def index(self) -> str:
        """Name of the new index."""
        return self.variant.index_name

    @property
    def layout(self) -> Layout:
        """Layout of the new index."""
        return get_layout(self.variant.layout)

    def identity(self) -> dict[str, Any]:
        """What two migrations have in common if one can go on with the other, JSON-ready."""
        return {
            "source": self.source.index,
            "source_uuid": self.source.uuid,
            "only": dict(self.source.only) or None,
            # Nothing for the top: that is what marks of earlier releases have.
            "prefixes": None if self.source.prefixes == TOP else list(self.source.prefixes),
            "codec": self.detected.codec.get_config() if self.detected.codec else None,
            "words": {
                "from": "copied" if self.copy_words else "signature",
                **self.detected.scheme.get_config(),
            },
            "variant": self.variant.canonical(),
            "fields": self.fields.to_json(),
        }

    @property
    def key(self) -> str:
        """Short hash of the identity."""
        return short_hash(self.identity())

    def mappings(self) -> dict[str, Any]:
        """Mapping of the new index, the kept fields in it, without ``_meta``."""
        layout = self.layout
        mappings = layout.mappings(self.variant.scheme, self.variant.get_codec())
        kept = self.fields.properties(layout, self.source.properties)
        properties = {**mappings.get("properties", {}), **kept}
        return {**mappings, **({"properties": properties} if properties else {})}

    def settings(self) -> dict[str, Any]:
        """Settings of the new index."""
        return {
            "number_of_shards": self.shards,
            "number_of_replicas": self.replicas,
            **self.layout.settings(),
        }

    def request(self) -> Mapping[str, Any]:
        """Body of the request that creates the new index."""
        return {"settings": {"index": self.settings()}, "mappings": self.mappings()}


#: The smallest lossless codec where none is named; of other grids than the default one the other.
SMALLEST, SMALLEST_OF_OTHER_GRIDS = {"id": "context"}, {"id": "packed", "strip": "half"}


def codec_config(text: str) -> dict[str, Any]:
    """A codec's config, from its id or from JSON.

    Examples
    --------
    >>> codec_config("base62")
    {'id': 'base62'}
    >>> codec_config('{"id": "base62", "strip": "half"}')
    {'id': 'base62', 'strip': 'half'}
    """
    return _object(text, "a codec") if text.lstrip().startswith("{") else {"id": text}


def choose_target(
    to: str,
    source: str,
    detected: Detected,
    *,
    codec: str | None = None,
    strip: str | None = None,
    name: str | None = None,
    copy_words: bool = False,
) -> Variant:
    """The variant to migrate to.

    Parameters
    ----------
    to : str
        A layout, with the source's words; ``FILE.yaml:NAME``, a variant of a config of experiments;
        or a variant's canonical form as JSON.
    """
    geometry = signature_config(detected.codec) if detected.codec else {}
    if to in LAYOUTS:
        if codec is not None:
            chosen = codec_config(codec)
        elif detected.codec is None:
            chosen = {"id": "none"}
        else:
            chosen = dict(SMALLEST_OF_OTHER_GRIDS if geometry else SMALLEST)
        if strip is not None:
            chosen["strip"] = strip
        scheme = detected.scheme
        variant = Variant(scheme.N, scheme.k, chosen, layout=to, signature=geometry)
    elif codec is not None or strip is not None:
        raise ExperimentError(f"--codec-to and --strip go with a layout; {to!r} says its codec")
    elif to.lstrip().startswith("{"):
        form = _object(to, "a variant")
        try:
            variant = Variant(**{"signature": geometry, **form})
        except TypeError as error:
            raise ExperimentError(
                f"{form} is no variant ({error}); it takes N, k, codec, layout, words, signature"
            ) from error
    else:
        variant = _from_file(to)
    named = name or variant.name or f"{source}-{variant.layout.replace('_', '-')}"
    check_index_name(named, "name the new index otherwise (--name)")
    target = Variant(**variant.canonical(), name=named)
    _check(target, detected, geometry, copy_words)
    return target


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        form = json.loads(text)
    except json.JSONDecodeError as error:
        raise ExperimentError(f"{text!r} is not valid JSON of {what}: {error}") from error
    if not isinstance(form, dict):
        raise ExperimentError(f"{text!r} is no JSON object of {what}")
    return form


def _from_file(to: str) -> Variant:
    path, _, wanted = to.rpartition(":")
    if not path.endswith((".yaml", ".yml")):
        raise ExperimentError(
            f"--to {to!r} is no layout ({', '.join(LAYOUTS)}), no FILE.yaml:VARIANT, and no JSON"
        )
    kind = kind_of(Path(path))
    variants = {one.index_name: one for one in kind.variants(kind.load(Path(path)))}
    if wanted not in variants:
        raise ExperimentError(
            f"{path} has no variant {wanted!r}; it has {', '.join(variants) or 'none'}"
        )
    return variants[wanted]


def _check(
    target: Variant, detected: Detected, geometry: Mapping[str, Any], copy_words: bool
) -> None:
    scheme = target.scheme
    if detected.codec is None and target.stores_signature:
        raise ExperimentError(
            f"the source stores no signature, so codec {dict(target.codec)} has nothing to store; "
            'choose the codec "none"'
        )
    if detected.codec is not None and target.get_codec().grid != detected.codec.grid:
        raise ExperimentError(
            f"the source's signatures are of {geometry or 'the default grid'}, {target.key} of "
            f"{dict(target.signature) or 'the default grid'}; a signature keeps its grid"
        )
    if not copy_words:
        return
    if not get_layout(target.layout).matcher.counts_words:
        raise ExperimentError(
            f"layout {target.layout!r} indexes signatures, and words are all there is to copy; "
            "choose a layout of words"
        )
    if scheme != detected.scheme:
        raise ExperimentError(
            f"words are copied as they are, N = {detected.scheme.N} of k = {detected.scheme.k}; "
            f"{target.key} has others, which only the signature gives"
        )
