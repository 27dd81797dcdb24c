"""What the bytes of an index are spent on, by index, codec and layout, and what they buy."""

import re

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from bench.report.axes import interval_points, label_points, plain_log, spread, titled, wrapped
from bench.report.drawing import COLORS, Drawn, ink_on
from bench.report.rounding import confidence, rounded
from bench.report.summary import merged
from bench.runs.folder import RunFolder

#: Kinds of data in an index, as a reader thinks of them, by pattern of the field's name.
PARTS = (
    (r"simple_words?(_\d+)?|w\d+", "words"),
    (r"vector", "vector"),
    (r"signature|s", "signature"),
    (r"path|p", "path"),
    (r"_recovery_source", "copies for recovery"),
    (r"_.*", "internal"),
)
#: Colours of parts, in the order of the bars; related parts have similar colours.
PART_COLORS = {
    "words: index": COLORS[0],
    "words: doc values": COLORS[5],
    "words: stored fields": "#A6D8F5",
    "signature: index": COLORS[1],
    "signature: doc values": COLORS[4],
    "signature: stored fields": "#F7D08A",
    "vector": COLORS[2],
    "JSON source": COLORS[3],
    "path": COLORS[6],
    "copies for recovery": "#7B3F61",
    "internal": COLORS[7],
    "other": "#555555",
    "not attributed": "#FFFFFF",
    "not told by this engine": "#D5DCE4",
}
#: Parts of which nothing is known but their size.
UNKNOWN = ("not attributed", "not told by this engine")
#: A reader cannot tell more parts than these apart.
MOST_PARTS = 9
#: Up to this many bars there is room for tall ones.
FEW = 8
#: The most bars drawn; the table has all.
MOST_BARS = 48


def stacked_bytes(
    fields: pd.DataFrame,
    measured: "pd.Series[float]",
    state: str = f"primary store, {merged(1)}",
) -> tuple[Figure, pd.DataFrame]:
    """Bars of disk bytes a document, split by what they are spent on.

    The length of a bar is the measured store. Its parts are the engine's own estimates by field
    (`fields`: ``index, field, structure, bytes_per_document``); what they leave over is "not
    attributed", and where they add up to more than the store they are scaled down. An index without
    estimates is one bar, "not told by this engine". `state` says what was measured.
    """
    parts = map(part_of, fields["field"], fields["structure"])
    data = fields.assign(part=list(parts)).pivot_table(
        index="index", columns="part", values="bytes_per_document", aggfunc="sum", fill_value=0
    )
    told = measured.index.isin(data.index)
    data = data.reindex(measured.index, fill_value=0.0)
    estimated = data.sum(axis=1)
    data = data.mul((measured / estimated).clip(upper=1.0), axis=0)
    data = _few_parts(data)
    unattributed = (measured - estimated).clip(lower=0.0)
    if told.any():
        data["not attributed"] = unattributed.where(told, 0.0)
    if not told.all():
        data["not told by this engine"] = measured.mask(told, 0.0)
    figure = _drawn(data.loc[spread(measured, MOST_BARS)], len(data), state)
    return figure, data.rename_axis("variant").reset_index()


def _drawn(data: pd.DataFrame, of: int, state: str) -> Figure:
    pitch = 0.6 if len(data) <= FEW else 0.34
    figure = Figure(figsize=(10, 1.9 + pitch * len(data)))
    axes = figure.subplots()
    left = np.zeros(len(data))
    rows = np.arange(len(data))[::-1]
    widest = float(data.sum(axis=1).max())
    for part in data.columns:
        color = PART_COLORS.get(str(part), COLORS[7])
        hatch = "////" if part in UNKNOWN else None
        axes.barh(
            rows, data[part], left=left, height=0.72,
            color=color, hatch=hatch, edgecolor="#888888" if hatch else "white", lw=0.6, label=part,
        )  # fmt: skip
        for row, start, size in zip(rows, left, data[part], strict=True):
            if size > 0.05 * widest:  # wide enough for its number
                axes.text(
                    start + size / 2, row, rounded(size, ",.0f"),
                    ha="center", va="center", fontsize=8.5, color=ink_on(color),
                )  # fmt: skip
        left += data[part].to_numpy()
    for row, total in zip(rows, left, strict=True):
        axes.text(total, row, f"  {rounded(total, ',.0f')}", va="center", weight="bold")
    axes.set_yticks(rows, [wrapped(str(name)) for name in data.index])
    axes.set_ylim(-0.6, len(data) - 0.4)
    axes.set_xlabel(f"bytes a document on disk ({state})")
    axes.set_xlim(0, widest * 1.1)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=4)
    axes.set_title(titled("Where do the bytes go?", len(data), of, "bytes"))
    return figure


def _few_parts(data: pd.DataFrame) -> pd.DataFrame:
    """Parts in the order of `PART_COLORS`; where there are too many, the smallest are joined."""
    most = MOST_PARTS - 1  # and one for what is not attributed
    if len(data.columns) > most:
        largest = data.drop(columns="other", errors="ignore").max().nlargest(most - 1).index
        data = data[largest].assign(other=data.drop(columns=largest).sum(axis=1))
    return data[sorted(data.columns, key=lambda part: list(PART_COLORS).index(str(part)))]


def part_of(field: str, structure: str) -> str:
    """What a field's structure is spent on, as a reader thinks of it."""
    if field == "_source":
        return "JSON source"
    for names, part in PARTS:
        if re.fullmatch(names, field.partition(".")[0]):
            split = part in ("words", "signature")
            kind = "index"
            if structure in ("doc_values", "stored_fields"):
                kind = structure.replace("_", " ")
            return f"{part}: {kind}" if split else part
    return "other"


def bytes_per_document(folder: RunFolder) -> Drawn:
    """Bars of disk bytes a document, split by what they are spent on."""
    return stacked_bytes(*bytes_of_fields(folder), _state(folder))


def _state(folder: RunFolder) -> str:
    """What of a run's indices was measured."""
    return f"primary store, {merged(int(folder.table('variants')['shards'].iloc[0]))}"


def bytes_of_fields(folder: RunFolder) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """Estimated bytes a document by index, field and structure, and the measured bytes of each."""
    variants = folder.table("variants").set_index("variant")
    fields = folder.table("fields").rename(columns={"variant": "index"})
    documents = fields["index"].map(variants["documents"])
    fields["bytes_per_document"] = fields["bytes"] / documents
    return fields, variants["bytes_per_document"]


def bytes_by_codec(folder: RunFolder) -> Drawn:
    """Bars of bytes a document for every codec that signatures are stored with, largest first.

    Indices are labelled by their codec, and by their own name where they have one.
    """
    fields, measured = bytes_of_fields(folder)
    variants = folder.table("variants").set_index("variant")
    names = {
        str(name): str(label) if str(name).startswith("n") else f"{label} ({name})"
        for name, label in variants["codec_label"].items()
    }
    fields["index"] = fields["index"].map(names)
    sizes = measured.rename(index=names).sort_values(ascending=False, kind="stable")
    return stacked_bytes(fields, sizes, _state(folder))


def bytes_by_layout(folder: RunFolder) -> Drawn:
    """Bars of bytes a document of every index, largest first, by what they are spent on."""
    fields, measured = bytes_of_fields(folder)
    sizes = measured.sort_values(ascending=False, kind="stable")
    return stacked_bytes(fields, sizes, _state(folder))


def ghost(folder: RunFolder) -> Drawn:
    """The store right after loading, and when settled: what a hasty measurement would report."""
    variants = folder.table("variants")
    documents = variants["documents"]
    data = pd.DataFrame(
        {
            "variant": variants["variant"],
            "settled": variants["bytes_per_document"],
            "ghost": variants["ghost_bytes"] / documents,
            "loaded": variants["loaded_store_bytes"] / documents,
        }
    )
    data = data[data["ghost"] > 0].sort_values("loaded", ascending=False, kind="stable")
    data["other"] = (data["loaded"] - data["settled"] - data["ghost"]).clip(lower=0)
    shown = data.loc[spread(data["loaded"], MOST_BARS)]
    figure = Figure(figsize=(10, 2.2 + 0.34 * max(len(shown), 1)))
    axes = figure.subplots()
    rows, left = np.arange(len(shown))[::-1], np.zeros(len(shown))
    for column, color, label in (
        ("settled", COLORS[0], "settled"),
        ("ghost", COLORS[1], "copies of documents kept for recovery"),
        ("other", COLORS[7], "other, gone after the merge"),
    ):
        axes.barh(rows, shown[column], left=left, color=color, label=label, height=0.66)
        left += shown[column].to_numpy()
    axes.set_yticks(rows, shown["variant"])
    axes.set_ylim(-0.6, max(len(shown), 1) - 0.4)
    axes.set_xlabel("bytes a document on disk")
    title = "Measured too early: the store right after loading"
    axes.set_title(titled(title, len(shown), len(data), "bytes"))
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=3)
    return figure, data


def first_timed(folder: RunFolder) -> str:
    """The index that times are ratios to: the first of those that are timed."""
    return str(folder.table("search_samples")["variant"].iloc[0])


def bytes_and_time(folder: RunFolder, rows: pd.DataFrame) -> Drawn:
    """How many times as fast as the first that is timed each is searched, over bytes a document."""
    data = rows.dropna(subset=["search_p50"])
    ratio, low, high = "search_ratio", "search_ratio_low", "search_ratio_high"
    figure = Figure(figsize=(9, 5.6))
    axes = figure.subplots()
    for same, own in data.groupby("same_hits"):
        look = {"lw": 1, "color": COLORS[1], "mfc": "white", "label": "other hits"}
        if same:
            look |= {"color": COLORS[0], "mfc": COLORS[0], "label": "the same hits and scores"}
        interval_points(axes, own["bytes_per_document"], own, look, ratio, (low, high))
    axes.set_xscale("log")
    plain_log(axes.xaxis)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("bytes a document")
    sure = confidence(folder.config()["cost"])
    axes.set_ylabel(f"speed of a search, times that of {first_timed(folder)}, {sure} interval")
    axes.set_title("Bytes and time: median latency of one client, warm, signatures fetched")
    axes.legend(loc="upper right")
    axes.margins(x=0.12)
    label_points(
        axes,
        data["bytes_per_document"].to_list(),
        data["search_ratio"].to_list(),
        data["variant"].to_list(),
    )
    return figure, data
