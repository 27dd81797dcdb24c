"""From the measurements to what a person looks at: tables, manifest, figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from bench.kinds.codecs.constriction_rival import compare_coders
from bench.kinds.codecs.crops import Crops
from bench.kinds.codecs.figure import bytes_and_speed
from bench.kinds.codecs.limit import measure_limit
from bench.kinds.codecs.speed import BATCH, measure_codecs
from bench.report.drawing import png_bytes, style, svg_bytes
from bench.report.rounding import rounded
from bench.runs.environment import describe_code, describe_machine
from bench.runs.folder import write_bytes, write_json, write_parquet
from imgsig.cli.table import WholeTable
from imgsig.codecs.context_model import ContextModel

#: Version of the layout of the result folder.
FORMAT_VERSION = 1
#: Signatures that the entropy coders are compared on.
RIVAL_SIGNATURES = 2000


@dataclass(frozen=True)
class Results:
    """What was measured, as tables: codecs, models and entropy coders."""

    codecs: pd.DataFrame
    limit: pd.DataFrame
    coders: pd.DataFrame


def write_results(
    folder: Path,
    crops: Crops,
    settings: dict[str, Any],
    also: Mapping[str, ContextModel] | None = None,
) -> Results:
    """Measure everything and write it: CSV for people, Parquet of all repeats, manifest, figure."""
    limit = measure_limit(crops, also)
    codecs, samples = measure_codecs(crops)
    best = limit[limit["pictures"] == "whole"]["bytes"].min()
    codecs["above_limit"] = codecs["bytes_whole"] - best
    codecs["ratio_to_limit"] = codecs["bytes_whole"] / best
    held_out = np.flatnonzero(crops.is_held_out & ~crops.is_whole)[:RIVAL_SIGNATURES]
    results = Results(codecs, limit, compare_coders(crops.signatures[held_out]))
    for name in ("codecs", "limit", "coders"):
        table = getattr(results, name)
        write_bytes(folder / f"{name}.csv", table.to_csv(index=False).encode())
    write_parquet(folder / "samples.parquet", samples)
    with style():
        figure, data = bytes_and_speed(codecs, limit, samples)
        write_bytes(folder / "bytes-and-speed.png", png_bytes(figure))
        write_bytes(folder / "bytes-and-speed.svg", svg_bytes(figure))
    write_bytes(folder / "bytes-and-speed.csv", data.to_csv(index=False).encode())
    write_json(
        folder / "manifest.json",
        {
            "format": FORMAT_VERSION,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "settings": {**settings, "crops_sha256": crops.source, "batch": BATCH},
            "held_out": {
                "groups": len(np.unique(crops.group[crops.is_held_out])),
                "photographs": int((crops.is_held_out & crops.is_whole).sum()),
                "crops": int((crops.is_held_out & ~crops.is_whole).sum()),
            },
            "machine": describe_machine(),
            "code": describe_code(),
        },
    )
    return results


def print_results(results: Results, console: Console) -> None:
    """Print the three tables."""
    limit = WholeTable(title="Cross-entropy on held-out signatures, bytes", title_justify="left")
    for heading in ("model", "pictures", "bytes", "95 % interval"):
        limit.add_column(heading, justify="left" if heading in ("model", "pictures") else "right")
    for row in results.limit.itertuples():
        interval = f"{rounded(row.low, '.1f')} – {rounded(row.high, '.1f')}"
        limit.add_row(str(row.model), str(row.pictures), rounded(row.bytes, ".2f"), interval)
    console.print(limit)
    table = WholeTable(title="Codecs: one thread, whole held-out photographs", title_justify="left")
    for heading in ("codec", "strip", "form"):
        table.add_column(heading)
    for heading in ("bytes", "crops", "in JSON", "× limit", "encode/s", "decode/s", "one, µs"):
        table.add_column(heading, justify="right")
    for row in results.codecs.sort_values("bytes_whole").itertuples():
        table.add_row(
            str(row.id),
            str(row.strip),
            str(row.form),
            rounded(row.bytes_whole, ".1f"),
            rounded(row.bytes_crops, ".1f"),
            rounded(row.json, ".1f"),
            rounded(row.ratio_to_limit, ".2f"),
            rounded(row.encode_per_s, ",.0f"),
            rounded(row.decode_per_s, ",.0f"),
            rounded(1e6 / float(str(row.encode_one_per_s)), ",.0f"),
        )
    console.print(table)
    coders = WholeTable(title="Entropy coder alone, likelihoods given", title_justify="left")
    for heading in ("coder", "bytes", "encode/s", "decode/s"):
        coders.add_column(heading, justify="left" if heading == "coder" else "right")
    for row in results.coders.itertuples():
        speeds = rounded(row.encode_per_s, ",.0f"), rounded(row.decode_per_s, ",.0f")
        coders.add_row(str(row.coder), rounded(row.bytes, ".2f"), *speeds)
    console.print(coders)
