"""The page of a speed run: the table of goals, the fast mode's price, the way into an index."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from bench.evaluate.measures import UAP
from bench.kinds.speed.config import BESIDE
from bench.report.axes import where
from bench.report.finding import word
from bench.report.page import Listing
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder
from imgsig.cli.terminal import WholeTable

_HOW = (
    "Each call is timed inside the process that makes it, around exactly what a user calls: "
    "generate_signature(path) of image-match and of this project, "
    "imagehash.phash(Image.open(path)), pdqhash.compute of the RGB array of Image.open(path), "
    "and Image.open(path).load() for decoding alone. Reading the file is inside, importing and "
    "starting are not. image-match takes no grey array any more with today's scikit-image, so "
    "its conversion, which used to leave such an array as it is, is left out there. Both "
    "processes are pinned to one core and have one thread for every library; all tools sign a "
    "file one after the other, a different one first each time, then the next file, then all "
    "again; the first round is off the record. Milliseconds: median over files of the medians "
    "over repetitions. Ratio: geometric mean over files of image-match's median over the "
    "tool's; its interval draws files, and repetitions in pairs. Spread: half the middle half "
    "of a file's times over their median, the worst file; unstable above 10 %."
)


def speed_verdict(folder: RunFolder) -> list[str]:
    """What a speed run says, in sentences."""
    goals, oracle = folder.table("goals"), folder.table("oracle")
    wanted = goals.dropna(subset=["wanted"])
    reached = int((wanted["ratio"] >= wanted["wanted"]).sum())
    sentences = [
        f"{int((oracle['different'] == 0).sum()):,} of {len(oracle):,} signatures equal "
        "image-match's bit for bit.",
    ]
    if len(wanted):
        sentences.append(
            f"{reached} of {len(wanted)} goals are met: "
            + "; ".join(
                f"{row.goal} {rounded(row.ratio, '.1f')}× as fast as image-match "
                f"({between(row.low, row.high, '.1f')}, goal {row.wanted:g})"
                for row in wanted.itertuples()
            )
            + "."
        )
    if goals["unstable"].any():
        shaky = int(goals["unstable"].sum())
        sentences.append(
            f"{shaky} of {len(goals)} times vary by more than 10 %: the machine was not quiet, run "
            "it again for figures to rely on."
        )
    sentences += _fast(folder.table("reductions"), folder.table("quality"))
    sentences.append(_stages(folder.table("stages")))
    return [*sentences, _loading(folder.table("loads"))]


def _fast(reductions: pd.DataFrame, quality: pd.DataFrame) -> list[str]:
    whole = reductions[reductions["size"] == "all reduced"].iloc[0]
    sentences = []
    if whole["photographs"]:
        sentences.append(
            f"The fast mode leaves {rounded(whole['equal_words'], '.1%')} of the words of "
            f"{whole['photographs']:,} reduced photographs as they are, "
            f"{rounded(whole['equal_values'], '.1%')} of the values; the distance to the exact "
            f"signature is {rounded(whole['distance_median'])} at the median and "
            f"{rounded(whole['distance_max'])} at most."
        )
    both = where(quality, documents="fast", queries="fast", subset="all", measure=UAP.name)
    told = []
    for row in both.itertuples():
        ends = between(row.difference_low, row.difference_high, "+.3f")
        low, high, n = row.difference_low, row.difference_high, row.n
        found = word(low, high, n)  # type: ignore[arg-type]
        told.append(f"{rounded(row.difference, '+.3f')} ({ends}: {found}) by {row.ranking}")
    return [
        *sentences,
        f"A search with everything signed fast has a {UAP.name} that differs by {', '.join(told)}.",
    ]


def _stages(stages: pd.DataFrame) -> str:
    seconds = stages.pivot_table(index="decode_mode", columns="stage", values="seconds")
    totals = seconds.sum(axis=1)
    shares = seconds.loc["exact"] / totals["exact"]
    return (
        f"On the way into an index {rounded(shares['decode'], '.0%')} of the time is decoding and "
        f"{rounded(shares['signature'], '.0%')} the rest of the signature; the fast mode takes "
        f"{rounded(1 - totals['fast'] / totals['exact'], '.0%')} off: "
        "pictures that are small, or of a format that cannot be reduced, take as long."
    )


def _loading(loads: pd.DataFrame) -> str:
    of = loads.groupby("workers")
    speeds = ", ".join(
        f"{rounded(rows['images_per_second'].median(), '.1f')} with {workers}"
        for workers, rows in of
    )
    return (
        f"Files to index: images a second {speeds} worker(s); at most "
        f"{rounded(loads['peak_bytes'].max() / 1e6, ',.0f')} MB, the workers included."
    )


def speed_listings(folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
    """The tables of the page."""
    peers = manifest["peers"]
    versions = ", ".join(
        f"{name} {peers['packages'][name]}"
        for name in ("image-match3", "scikit-image", "pillow", "numpy", "imagehash", "pdqhash")
        if name in peers["packages"]
    )
    missing = f" PDQ is left out: {peers['not_compiled']}" if peers["not_compiled"] else ""
    load = ", ".join(rounded(value, ".1f") for value in manifest["load_average"])
    oracle = folder.table("oracle")
    samples = folder.table("samples")
    files = samples.groupby(["goal", "file"], sort=False)["megapixels"].first().reset_index()
    return [
        Listing(
            "Beside image-match",
            f"{_HOW} Peers: {versions} on Python {peers['python']}.{missing} Load of the machine "
            f"when it began (1, 5 and 15 minutes): {load}.",
            folder.table("goals"),
        ),
        Listing(
            "Files that were timed",
            "Photographs of the default collection, as they came where no size is named, else "
            "scaled (Lanczos) and stored as JPEG of quality 90; enlarged ones hold less detail a "
            "pixel than a camera's, so they decode a little faster. Made ones have structure of "
            "every size.",
            files,
        ),
        Listing(
            "The fast mode beside the exact one",
            "Photographs by how far the decoder reduces each direction; those too small to be "
            "reduced are the same both ways and left out. What is no JPEG file was encoded as one. "
            "Words: 63 of 16 values.",
            folder.table("reductions"),
        ),
        Listing(
            "The fast mode in a search",
            "Whole photographs are documents, beside tiles that are signed exactly; edited copies "
            "of whole photographs, stored as JPEG, are queries, a fifth of them of scenes that are "
            "not there. Each is signed both ways. Hits are those of the engine, computed without "
            "it (63 words of 16 values, 100 hits). The subset ‘reduced’ are queries which, like "
            "their right answers, are large enough to be reduced. Differences are to exact and "
            "exact, in pairs; intervals draw scenes; p is corrected after Holm.",
            folder.table("quality"),
        ),
        Listing(
            "Files to an index, by stage",
            "Seconds for 1,000 images, one core. Decode: until grey levels can be read; signature: "
            "the rest of generate_signature; encode: words, codec and document; bulk: JSON, "
            "requests of 500 documents and indexing. Mean over all photographs of the collection.",
            folder.table("stages"),
        ),
        Listing(
            "Files to an index, all at once",
            "The photographs in turn, again from the beginning, signed by worker processes and "
            "sent as they come; from before the workers start until all can be searched. The "
            "engine shares the machine's cores. Peak: memory of the process and its workers, "
            "shared pages counted once (PSS), looked at ten times a second; without the engine.",
            folder.table("loads"),
        ),
        Listing(
            "Image-match as the oracle",
            f"{len(oracle):,} pictures signed by both in this run: {int(oracle['values'].sum()):,} "
            "values. The frozen pictures of the tests, and made ones: single rows, extreme aspect "
            "ratios, constant rows, 16-bit, bilevel, palettes, transparency.",
            oracle.groupby("different", as_index=False).agg(
                pictures=("picture", "size"), values=("values", "sum")
            ),
        ),
    ]


def print_goals(goals: pd.DataFrame, console: Console, sure: str) -> None:
    """Print the table of goals: one line a goal, decoding alone beside it.

    `sure` is the confidence of the intervals, see `bench.report.rounding.confidence`.
    """
    table = WholeTable(title="Signatures, one core, beside image-match", title_justify="left")
    table.add_column("")
    for heading in ("image-match", "ours", "decode", "ratio", f"{sure} interval", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("met")
    for title in dict.fromkeys(goals["goal"]):
        rows = goals[goals["goal"] == title].set_index("tool")
        tool = str(rows.index[0])
        ours, peer = rows.loc[tool], rows.loc[BESIDE[tool][0]]
        spent = {
            name: f"{rounded(value, '.1f')} ms" for name, value in rows["milliseconds"].items()
        }
        wanted = ours["wanted"]
        table.add_row(
            str(title),
            spent[BESIDE[tool][0]],
            spent[tool],
            spent.get("decode", "–"),
            f"{rounded(ours['ratio'], '.2f')}×",
            f"{rounded(ours['low'], '.2f')} – {rounded(ours['high'], '.2f')}",
            "" if np.isnan(wanted) else f"{wanted:g}×",
            f"{ours['met']} {'(unstable)' if ours['unstable'] or peer['unstable'] else ''}".strip(),
        )
    console.print(table)
