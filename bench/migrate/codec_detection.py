"""Codecs that could have written what an index stores, found by letting all of them try."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.migrate.number_text import NumberText
from imgsig import CodecError, ConfigError, SignatureConfig
from imgsig.codecs import Codec, codec_ids, get_codec
from imgsig.strips import STRIPS

#: A codec, and what it decodes: ``int8[m, length]``.
Reading = tuple[Codec, NDArray[np.int8]]


def readings(forms: Sequence[Any], chosen: Mapping[str, Any] | None = None) -> list[Reading]:
    """Every codec that could have written all of these forms, with what it decodes.

    Examples
    --------
    >>> [codec for codec, _ in readings([[0] * 648])]
    [{"id": "int_array", "strip": "none"}]
    """
    found: list[Reading] = []
    for config in [chosen] if chosen is not None else _configs(forms[0]):
        try:
            codec = source_codec(config)
            stored = [codec.from_json(form) for form in forms]
            values = codec.decode_batch(stored)
            if codec.canonical and codec.encode_batch(values) != stored:
                continue
        except ConfigError:
            if chosen is not None:
                raise
            continue  # a codec that cannot be had for this grid
        except CodecError:
            continue
        if not any(np.array_equal(values, known) for _, known in found):
            found.append((codec, values))
    return found


def source_codec(config: Mapping[str, Any]) -> Codec:
    """A codec by its config, those of texts that others write among them."""
    if config.get("id") != NumberText.codec_id:
        return get_codec(config)
    try:
        return NumberText.from_config(dict(config))
    except TypeError as error:
        raise ConfigError(
            f"codec {NumberText.codec_id!r} has no such parameter: {error}"
        ) from error


def _configs(form: Any) -> list[dict[str, Any]]:
    """Configs of the codecs whose forms could look like this one."""
    strips: list[dict[str, Any]] = [{}, *({"strip": strip} for strip in STRIPS)]
    configs: list[dict[str, Any]] = [
        {"id": codec_id, **strip}
        for codec_id in codec_ids()
        if codec_id != "none"
        for strip in strips
    ]
    if isinstance(form, list):  # the length of an unstripped array tells the grid
        grids = [
            {"n": n, "diagonal_neighbors": diagonal}
            for n in range(2, 33)
            for diagonal in (True, False)
            if (n, diagonal) != (9, True) and len(form) == (8 if diagonal else 4) * n * n
        ]
        configs += [{"id": "int_array", "strip": "none", **grid} for grid in grids]
    return configs


def signature_config(codec: Codec) -> dict[str, Any]:
    """The part of a signature's config that a codec knows of."""
    return SignatureConfig(
        n=codec.grid.n,
        diagonal_neighbors=codec.grid.diagonal_neighbors,
        n_levels=codec.n_levels,
    ).get_config()


def readable(forms: Sequence[Any], chosen: Mapping[str, Any]) -> list[int]:
    """Which of these forms a codec decodes, each tried by itself."""
    codec, found = source_codec(chosen), []
    for i, form in enumerate(forms):
        try:
            codec.decode(codec.from_json(form))
        except CodecError:
            continue
        found.append(i)
    return found
