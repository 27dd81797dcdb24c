"""Measure a codec run: sign crops, then limit, sizes, speeds and coders; keep what is done."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.kinds.base import Outcome
from bench.kinds.codecs.config import Codecs
from bench.kinds.codecs.constriction_rival import coders_table, time_coders
from bench.kinds.codecs.crops import Crops, cached_crops
from bench.kinds.codecs.limit import held_out, limit_table, model_bits
from bench.kinds.codecs.speed import (
    BATCH,
    codec_sizes,
    codecs_table,
    measured_configs,
    time_codec,
)
from bench.kinds.under_way import RunUnderWay
from bench.runs.errors import ExperimentError
from bench.runs.folder import write_parquet
from datasets import open_collection
from imgsig.codecs import get_codec
from imgsig.codecs.context_model import ContextModel, read_model

#: Signatures that the entropy coders are compared on.
CODED = 2000


def measure_codecs(config: Codecs, run: RunUnderWay) -> Outcome:
    """Sign crops, and measure what an earlier start has not."""
    with run.watch.time("crops"):
        crops = cached_crops(config.collection, config.crops, config.seed)
    rows = held_out(crops)
    codecs = [get_codec(one) for one in measured_configs()]
    models = {f"network ({path.stem})": _read(path) for path in config.also}
    coded = crops.signatures[np.setdiff1d(np.flatnonzero(crops.is_held_out), rows["whole"])[:CODED]]
    raw = {
        "bits": _parts(run, "limit", list(model_bits(crops, models))),
        "sizes": _parts(run, "sizes", [partial(codec_sizes, c, crops) for c in codecs]),
        "samples": _parts(run, "speed", [partial(time_codec, c, crops) for c in codecs]),
        "coder_samples": _parts(run, "coders", [partial(time_coders, coded)]),
    }
    return Outcome(_described(config, crops), summaries(raw) | raw, {"batch": BATCH})


def summaries(raw: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables that follow from the raw rows."""
    limit = limit_table(raw["bits"])
    return {
        "codecs": codecs_table(raw["sizes"], raw["samples"], limit),
        "limit": limit,
        "coders": coders_table(raw["coder_samples"]),
    }


def _parts(
    run: RunUnderWay, stage: str, measures: list[Callable[[], pd.DataFrame]]
) -> pd.DataFrame:
    """The tables of all, one under the other; each is kept when it is done."""
    advance = run.bar(stage.capitalize(), len(measures))
    paths = [run.work / f"{stage}-{number}.parquet" for number in range(len(measures))]
    for path, measure in zip(paths, measures, strict=True):
        if not path.is_file():
            with run.watch.time(stage):
                write_parquet(path, measure())
        advance(1)
    return pd.concat(map(pd.read_parquet, paths), ignore_index=True)


def _described(config: Codecs, crops: Crops) -> dict[str, Any]:
    collection = open_collection(config.collection, ())
    return {
        "collection": collection.name,
        "sha256": collection.manifest()["sha256"],
        "photographs": len(collection.photographs),
        "groups": len(np.unique(crops.group)),
        "unreadable": [vars(file) for file in collection.unreadable],
        "crops_sha256": crops.source,
        "held_out": {
            "groups": len(np.unique(crops.group[crops.is_held_out])),
            "photographs": int((crops.is_held_out & crops.is_whole).sum()),
            "crops": int((crops.is_held_out & ~crops.is_whole).sum()),
        },
    }


def _read(path: Path) -> ContextModel:
    try:
        with path.open("rb") as file:
            return read_model(file)
    except OSError as error:
        raise ExperimentError(f"also: {path} cannot be read: {error.strerror}") from error
