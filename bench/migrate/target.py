"""What to migrate to: a layout, a variant of a config, or a variant's canonical form."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.index.names import check_index_name
from bench.index.variant import Variant
from bench.kinds.registry import kind_of
from bench.migrate.codec_detection import signature_config
from bench.migrate.detect import Detected
from bench.runs.errors import ExperimentError
from imgsig.layouts import LAYOUTS, get_layout

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
