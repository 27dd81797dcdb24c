"""Size and speed of each codec."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.progress import track
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.kinds.codecs.crops import Crops
from bench.kinds.codecs.limit import group_interval, held_out
from bench.runs.errors import MeasurementError
from imgsig.codecs import Codec, codec_ids, get_codec
from imgsig.errors import CodecError

#: Signatures encoded and decoded at once.
BATCH = 10_000
#: Each measurement is repeated for so many seconds, at least `MIN_REPEATS` times.
SECONDS = 1.0
MIN_REPEATS = 3
STRIPS = ("none", "border", "half")


def measured_configs() -> list[dict[str, Any]]:
    """Every codec over every strip that makes a difference to it."""
    configs: list[dict[str, Any]] = []
    for codec_id in codec_ids():
        if codec_id == "none":
            continue
        if codec_id == "context":
            configs.append({"id": codec_id, "strip": "half"})
            continue
        configs += [{"id": codec_id, "strip": strip} for strip in STRIPS]
        if codec_id in ("zlib", "zstd", "brotli"):
            configs.append({"id": codec_id, "strip": "half", "form": "packed"})
    return configs


def measure_codecs(crops: Crops) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure every codec on held-out signatures, on one thread.

    Parameters
    ----------
    crops : Crops
        Sizes are of the held-out whole photographs and crops, speeds of a batch of `BATCH` held-out
        signatures, repeated where there are fewer.

    Returns
    -------
    summary : DataFrame
        One row a codec: mean sizes in bytes (of text: in UTF-8; of integers: as compact JSON) with
        the interval by group, characters in JSON, signatures a second (median of the repeats).
    samples : DataFrame
        Every repeat's seconds.
    """
    rows = held_out(crops)
    pool = np.flatnonzero(crops.is_held_out)
    batch = crops.signatures[np.resize(np.random.default_rng(0).permutation(pool), BATCH)]
    records, samples = [], []
    with threadpool_limits(1):
        for config in track(measured_configs(), "codecs"):
            codec = get_codec(config)
            record, seconds = _measure(codec, crops, rows, batch)
            records.append(record)
            samples += [{"codec": repr(codec), **sample} for sample in seconds]
    return pd.DataFrame(records), pd.DataFrame(samples)


def _measure(
    codec: Codec, crops: Crops, rows: dict[str, NDArray[np.intp]], batch: NDArray[np.int8]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    record: dict[str, Any] = {
        "codec": repr(codec),
        "id": codec.codec_id,
        "strip": codec.strip.strip_id,
        "form": codec.get_config().get("form", ""),
        "lossless": codec.lossless,
    }
    for kind, row in rows.items():
        stored = codec.encode_batch(crops.signatures[row])
        sizes = np.array([size_of(form) for form in stored], dtype=np.float64)
        record[f"bytes_{kind}"] = sizes.mean()
        if kind == "whole":
            record["low"], record["high"] = group_interval(sizes, crops.group[row])
            record["largest"] = int(sizes.max())
            record["json"] = np.mean([len(_json(codec, form)) for form in stored])
    stored = codec.encode_batch(batch)
    decoded = codec.decode_batch(stored)
    if codec.lossless and not np.array_equal(decoded, batch):
        raise MeasurementError(f"{codec!r} does not give back what it was given")
    samples = []
    for what, action, count in (
        ("encode", lambda: codec.encode_batch(batch), len(batch)),
        ("decode", lambda: codec.decode_batch(stored), len(batch)),
        ("encode_one", lambda: codec.encode(batch[0]), 1),
        ("decode_one", lambda: codec.decode(stored[0]), 1),
    ):
        seconds = repeated(action)
        record[f"{what}_per_s"] = count / float(np.median(seconds))
        samples += [
            {"what": what, "signatures": count, "repeat": i, "seconds": value}
            for i, value in enumerate(seconds)
        ]
    return record, samples


def size_of(form: Any) -> int:
    """Bytes of a stored form: of text in UTF-8, of integers as compact JSON.

    Examples
    --------
    >>> size_of(b"abc"), size_of("abc"), size_of([1, -2])
    (3, 3, 6)
    """
    if isinstance(form, bytes):
        return len(form)
    if isinstance(form, str):
        return len(form.encode())
    if isinstance(form, list):
        return len(json.dumps(form, separators=(",", ":")))
    raise CodecError(f"a stored form is bytes, text or integers, not {type(form).__name__}")


def _json(codec: Codec, form: Any) -> str:
    return json.dumps(codec.to_json(form), separators=(",", ":"))


def repeated(action: Callable[[], Any], most: int = 1000) -> list[float]:
    """Seconds that each of several calls takes, after one that is not counted."""
    action()
    seconds: list[float] = []
    while len(seconds) < MIN_REPEATS or (sum(seconds) < SECONDS and len(seconds) < most):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return seconds
