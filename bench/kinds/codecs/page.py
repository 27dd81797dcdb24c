"""The page of a codec run, and its tables on the terminal."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console

from bench.report.page import Listing
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder
from imgsig.cli.terminal import WholeTable


def codec_verdict(codecs: pd.DataFrame, limit: pd.DataFrame) -> list[str]:
    """Which codec is smallest, how near the limit, and what that costs in time."""
    lossless = codecs[codecs["lossless"]].sort_values("bytes_whole", kind="stable")
    best = lossless.iloc[0]
    whole = limit[limit["pictures"] == "whole"]
    least = whole.sort_values("bytes").iloc[0]
    sentences = [
        f"{best['id']} over the strip {best['strip']} is the smallest lossless codec: "
        f"{rounded(best['bytes_whole'], '.1f')} bytes a signature (95 % interval "
        f"{between(best['low'], best['high'], '.1f')}), {rounded(best['ratio_to_limit'], '.2f')} "
        f"times the limit of "
        f"{rounded(least['bytes'], '.1f')} ({between(least['low'], least['high'], '.1f')}; "
        f"{least['model']})."
    ]
    fast = lossless[lossless["decode_per_s"] >= 10 * best["decode_per_s"]]
    if len(fast):
        other = fast.iloc[0]
        sentences.append(
            f"The smallest that is decoded at least ten times as fast is {other['id']} over the "
            f"strip {other['strip']}: {rounded(other['bytes_whole'], '.1f')} bytes, "
            f"{rounded(other['decode_per_s'] / best['decode_per_s'], '.0f')} times as fast."
        )
    return sentences


def codec_listings(folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
    """The tables of the page."""
    codecs, limit, coders = (folder.table(name) for name in ("codecs", "limit", "coders"))
    held_out = manifest["dataset"]["held_out"]
    return [
        Listing(
            "Codecs",
            f"Bytes are means over {held_out['photographs']:,} held-out whole photographs of "
            f"{held_out['groups']:,} groups, with 95 % intervals that resample groups, and over "
            "random crops of them. Text counts in UTF-8, integers as compact JSON; characters in "
            "JSON include quotes or brackets. Speeds are signatures a second on one thread, the "
            f"median of the repeats, in batches of {manifest['batch']:,} and one at a time. The "
            "limit is the smallest mean of the models below.",
            codecs.drop(columns="codec").sort_values("bytes_whole", kind="stable"),
        ),
        Listing(
            "How few bytes could do",
            "Cross-entropy of the held-out signatures under models that were trained on the other "
            f"groups{_networks(manifest['config'])}. It is a limit of these models: a better one "
            "would lower it.",
            limit,
        ),
        Listing(
            "The entropy coder alone",
            "The context codec's coder beside the library constriction, likelihoods given to both.",
            coders,
        ),
    ]


def _networks(config: Mapping[str, Any]) -> str:
    """That networks come trained: the codec's on photographs that this collection may not have."""
    if config["collection"] == "photos" and not config["also"]:
        return ""
    return ", and under networks that come trained, the codec's on the collection photos"


def print_tables(folder: RunFolder, console: Console) -> None:
    """Print limit, codecs and coders."""
    limit = WholeTable(title="Cross-entropy on held-out signatures, bytes", title_justify="left")
    for heading in ("model", "pictures", "bytes", "95 % interval"):
        limit.add_column(heading, justify="left" if heading in ("model", "pictures") else "right")
    for row in folder.table("limit").itertuples():
        interval = f"{rounded(row.low, '.1f')} – {rounded(row.high, '.1f')}"
        limit.add_row(str(row.model), str(row.pictures), rounded(row.bytes, ".2f"), interval)
    console.print(limit)
    table = WholeTable(title="Codecs: one thread, whole held-out photographs", title_justify="left")
    for heading in ("codec", "strip", "form"):
        table.add_column(heading)
    for heading in ("bytes", "crops", "in JSON", "× limit", "encode/s", "decode/s", "one, µs"):
        table.add_column(heading, justify="right")
    for row in folder.table("codecs").sort_values("bytes_whole").itertuples():
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
    for row in folder.table("coders").itertuples():
        speeds = rounded(row.encode_per_s, ",.0f"), rounded(row.decode_per_s, ",.0f")
        coders.add_row(str(row.coder), rounded(row.bytes, ".2f"), *speeds)
    console.print(coders)
