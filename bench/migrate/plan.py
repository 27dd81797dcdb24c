"""What a migration does: from which index, to which variant, with which fields."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.index.variant import Variant, check_index_name
from bench.kinds.registry import kind_of
from bench.migrate.codec_detection import signature_config
from bench.migrate.detect import Detected
from bench.migrate.fields import Fields
from bench.migrate.kept import MOST_COLUMNS, MOST_FIELDS, Kept, keep_in, leaves
from bench.migrate.prefix import TOP
from bench.migrate.signs import Signs, signs_told
from bench.migrate.source import Source
from bench.runs.errors import ExperimentError
from imgsig.index import Identity
from imgsig.layouts import LAYOUTS, Layout, get_layout

#: Settings while documents are loaded: no automatic refresh.
LOADING = {"refresh_interval": "-1"}


@dataclass(frozen=True)
class MigrationPlan:
    """Everything that determines a migration."""

    source: Source
    detected: Detected
    variant: Variant  # what to build; its name is that of the new index
    fields: Fields
    copy_words: bool  # or compute them from the signatures
    shards: int  # of the new index
    replicas: int
    elsewhere: str = ""  # what other cluster the new index is on, and where; "" for the source's
    pixels: str = "path"  # rule by which the source was signed, see `imgsig.pixels`
    #: Name and version of its engine; a version that is not told is None.
    engine: Mapping[str, Any] = field(default_factory=dict)
    #: Where the new index exists: its ``properties``, and the paths of `Kept.columns`.
    there: Mapping[str, Any] | None = None
    chosen: Sequence[str] = ()

    @property
    def index(self) -> str:
        """Name of the new index."""
        return self.variant.index_name

    @property
    def layout(self) -> Layout:
        """Layout of the new index."""
        return get_layout(self.variant.layout)

    @cached_property
    def signs(self) -> Signs | None:
        """What the words tell of the signs, if vectors are made of these; else None."""
        if self.detected.codec is not None or self.layout.matcher.counts_words:
            return None
        return signs_told(self.detected.scheme, self.layout)

    @cached_property
    def kept(self) -> Kept:
        """How the new index keeps the fields beside path, signature and words."""
        own = self.layout.mappings(self.variant.scheme, self.variant.get_codec())
        # What is not in the mapping is mapped dynamically: path, signature, a field a word.
        count = self.variant.N + 4 + len(own.get("properties", {}))
        source, there = self.source, self.there
        return keep_in(
            self.layout,
            self.fields,
            source.properties,
            dynamic=source.dynamic,
            own=count,
            there=there,
            chosen=self.chosen,
        )

    def identity(self) -> dict[str, Any]:
        """What two migrations must share for one to resume the other, JSON-ready."""
        return {
            "source": self.source.name,
            "source_uuid": self.source.uuid,
            "only": dict(self.source.only) or None,
            # None for the top level, as in marks of earlier releases.
            "prefixes": None if self.source.prefixes == TOP else list(self.source.prefixes),
            "codec": self.detected.codec.get_config() if self.detected.codec else None,
            "words": {
                "from": "copied" if self.copy_words else "signs" if self.signs else "signature",
                **self.detected.scheme.get_config(),
            },
            **({"signs": self.signs.to_json()} if self.signs else {}),
            "variant": self.variant.canonical(),
            "fields": self.fields.to_json(),
            "pixels": self.pixels,
        }

    def meta(self) -> dict[str, Any]:
        """What the new index says of itself, by which `imgsig.index` opens it."""
        config = self.variant.identity.get_config()
        signature = config["signature"] | {"pixels": self.pixels}
        return Identity.from_config({**config, "signature": signature}).meta(self.engine)

    def mappings(self) -> dict[str, Any]:
        """Mapping of the new index with the kept fields, without ``_meta``."""
        layout = self.layout
        mappings = layout.mappings(self.variant.scheme, self.variant.get_codec())
        properties = {**mappings.get("properties", {}), **self.kept.properties}
        return {**mappings, **({"properties": properties} if properties else {})}

    def settings(self) -> dict[str, Any]:
        """Settings of the new index."""
        many = len(list(leaves(self.kept.properties))) > MOST_COLUMNS
        return {
            "number_of_shards": self.shards,
            "number_of_replicas": self.replicas,
            **self.layout.settings(),
            **self._analysis(),
            # `imgsig.index` fetches all columns; an index allows 100 unless it is told otherwise.
            **({"max_docvalue_fields_search": 2 * MOST_FIELDS} if many else {}),
        }

    def _analysis(self) -> dict[str, Any]:
        """The source's own analyzers, if a kept field names some."""
        named = re.search(r'"(?:\w*analyzer|normalizer)":', json.dumps(self.kept.properties))
        return {"analysis": self.source.analysis} if named and self.source.analysis else {}

    def request(self) -> Mapping[str, Any]:
        """Body of the request that creates the new index."""
        return {"settings": {"index": self.settings()}, "mappings": self.mappings()}


#: Default codec: the smallest lossless one for the default grid, and for other grids.
SMALLEST, SMALLEST_OF_OTHER_GRIDS = {"id": "context"}, {"id": "packed", "strip": "half"}


def codec_config(text: str) -> dict[str, Any]:
    """A codec's config, from its id or from JSON.

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

    It is given as a layout, with the source's words; as ``FILE.yaml:NAME``, a variant of a run's
    config; or as a variant's canonical form in JSON.
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
        raise ExperimentError(f"--codec-to and --strip go with a layout; {to!r} has its own codec")
    elif to.lstrip().startswith("{"):
        form = _object(to, "a variant")
        try:
            variant = Variant(**{"signature": geometry, **form})
        except TypeError as error:
            raise ExperimentError(
                f"{form} is not a variant ({error}); it takes N, k, codec, layout, words, signature"
            ) from error
    else:
        variant = _from_file(to)
    named = name or variant.name or f"{source}-{variant.layout.replace('_', '-')}"
    check_index_name(named, "choose another name for the new index (--name)")
    target = Variant(**variant.canonical(), name=named)
    _check(target, detected, geometry, copy_words)
    return target


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        form = json.loads(text)
    except json.JSONDecodeError as error:
        raise ExperimentError(f"{text!r} is not valid JSON of {what}: {error}") from error
    if not isinstance(form, dict):
        raise ExperimentError(f"{text!r} is not a JSON object of {what}")
    return form


def _from_file(to: str) -> Variant:
    path, _, wanted = to.rpartition(":")
    if not path.endswith((".yaml", ".yml")):
        raise ExperimentError(
            f"--to {to!r} is neither a layout ({', '.join(LAYOUTS)}) nor FILE.yaml:VARIANT nor JSON"
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
            'choose codec "none"'
        )
    if detected.codec is not None and target.get_codec().grid != detected.codec.grid:
        raise ExperimentError(
            f"the source's signatures have {geometry or 'the default grid'}, those of {target.key} "
            f"{dict(target.signature) or 'the default grid'}; a migration cannot change the grid"
        )
    if not copy_words:
        return
    layout = get_layout(target.layout)
    if not layout.matcher.counts_words:
        if detected.codec is not None:
            raise ExperimentError(
                f"layout {target.layout!r} indexes signatures, but only words are copied; choose a "
                "layout of words, or leave out --words copy"
            )
        signs_told(detected.scheme, layout)
    if scheme != detected.scheme:
        raise ExperimentError(
            f"words are taken as they are, N = {detected.scheme.N} of k = {detected.scheme.k}; "
            f"{target.key} has others, which need the signature"
        )
