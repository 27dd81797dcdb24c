"""Size and speed of each codec: every signature's bytes, every repeat's seconds, a row a codec."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
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
SAMPLES = ["codec", "what", "signatures", "repeat", "seconds"]


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


def codec_sizes(codec: Codec, crops: Crops) -> pd.DataFrame:
    """What each held-out signature takes: ``codec, pictures, group, bytes, json`` (characters)."""
    parts = []
    for kind, row in held_out(crops).items():
        stored = codec.encode_batch(crops.signatures[row])
        parts.append(
            pd.DataFrame(
                {
                    "codec": repr(codec),
                    "pictures": kind,
                    "group": crops.group[row],
                    "bytes": [size_of(form) for form in stored],
                    "json": [len(_json(codec, form)) for form in stored],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def time_codec(codec: Codec, crops: Crops) -> pd.DataFrame:
    """Seconds of every repeat on one thread: ``codec, what, signatures, repeat, seconds``.

    The batch are `BATCH` held-out signatures, repeated where there are fewer.
    """
    pool = np.flatnonzero(crops.is_held_out)
    batch = crops.signatures[np.resize(np.random.default_rng(0).permutation(pool), BATCH)]
    stored = codec.encode_batch(batch)
    if codec.lossless and not np.array_equal(codec.decode_batch(stored), batch):
        raise MeasurementError(f"{codec!r} does not give back what it was given")
    samples: list[dict[str, Any]] = []
    with threadpool_limits(1):
        for what, action, count in (
            ("encode", lambda: codec.encode_batch(batch), len(batch)),
            ("decode", lambda: codec.decode_batch(stored), len(batch)),
            ("encode_one", lambda: codec.encode(batch[0]), 1),
            ("decode_one", lambda: codec.decode(stored[0]), 1),
        ):
            samples += [
                {"what": what, "signatures": count, "repeat": i, "seconds": seconds}
                for i, seconds in enumerate(repeated(action))
            ]
    return pd.DataFrame(samples).assign(codec=repr(codec))[SAMPLES]


def codecs_table(sizes: pd.DataFrame, samples: pd.DataFrame, limit: pd.DataFrame) -> pd.DataFrame:
    """One row a codec: mean bytes with the interval by group, and signatures a second.

    Bytes of text are those of UTF-8, of integers those of compact JSON; speeds are of the median
    repeat. The limit is the smallest mean of any model for whole photographs.
    """
    best = limit[limit["pictures"] == "whole"]["bytes"].min()
    records = []
    for name, own in sizes.groupby("codec", sort=False):
        codec = get_codec(json.loads(str(name)))
        whole, cropped = (own[own["pictures"] == kind] for kind in ("whole", "crops"))
        taken = whole["bytes"].to_numpy(dtype=np.float64)
        low, high = group_interval(taken, whole["group"].to_numpy(dtype=str))
        record = {
            "codec": name,
            "id": codec.codec_id,
            "strip": codec.strip.strip_id,
            "form": codec.get_config().get("form", ""),
            "lossless": codec.lossless,
            "bytes_whole": taken.mean(),
            "low": low,
            "high": high,
            "largest": int(taken.max()),
            "json": whole["json"].to_numpy(dtype=np.float64).mean(),
            "bytes_crops": cropped["bytes"].to_numpy(dtype=np.float64).mean(),
        }
        for what, times in samples[samples["codec"] == name].groupby("what", sort=False):
            seconds = float(np.median(times["seconds"].to_numpy()))
            record[f"{what}_per_s"] = times["signatures"].iloc[0] / seconds
        record["above_limit"] = record["bytes_whole"] - best
        record["ratio_to_limit"] = record["bytes_whole"] / best
        records.append(record)
    return pd.DataFrame(records)


def size_of(form: Any) -> int:
    """Bytes of a stored form: of text in UTF-8, of integers as compact JSON.

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
