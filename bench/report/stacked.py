"""Stacked bars of what an index's bytes are spent on."""

import re

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from bench.report.axes import spread, titled, wrapped
from bench.report.drawing import COLORS, ink_on
from bench.report.rounding import rounded

#: Kinds of data in an index, as a reader thinks of them, by the field's name.
PARTS = (
    (r"simple_words?(_\d+)?|w\d+", "words"),
    (r"vector", "vector"),
    (r"signature|s", "signature"),
    (r"path|p", "path"),
    (r"_recovery_source", "copies for recovery"),
    (r"_.*", "internal"),
)
#: Colours of parts, in the order of the bars: what belongs together has neighbouring colours.
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
}
#: More parts than these no reader tells apart.
MOST_PARTS = 9
#: Bars up to which there is room to draw them high.
FEW = 8
#: Bars that are drawn at most; the table has all.
MOST_BARS = 48


def stacked_bytes(
    fields: pd.DataFrame, measured: "pd.Series[float]"
) -> tuple[Figure, pd.DataFrame]:
    """Bars of disk bytes a document, split by what they are spent on.

    The length of a bar is the measured store. Its parts are Elasticsearch's own estimates by field;
    what these leave over is shown as such, and where they come to more they are scaled down.

    Parameters
    ----------
    fields : DataFrame
        ``index, field, structure, bytes_per_document``, the estimates.
    """
    parts = map(part_of, fields["field"], fields["structure"])
    data = fields.assign(part=list(parts)).pivot_table(
        index="index", columns="part", values="bytes_per_document", aggfunc="sum", fill_value=0
    )
    data = data.loc[measured.index]
    estimated = data.sum(axis=1)
    data = data.mul((measured / estimated).clip(upper=1.0), axis=0)
    data = _few_parts(data)
    data["not attributed"] = (measured - estimated).clip(lower=0.0)
    figure = _drawn(data.loc[spread(measured, MOST_BARS)], len(data))
    return figure, data.rename_axis("variant").reset_index()


def _drawn(data: pd.DataFrame, of: int) -> Figure:
    pitch = 0.6 if len(data) <= FEW else 0.34
    figure = Figure(figsize=(10, 1.9 + pitch * len(data)))
    axes = figure.subplots()
    left = np.zeros(len(data))
    rows = np.arange(len(data))[::-1]
    widest = float(data.sum(axis=1).max())
    for part in data.columns:
        color = PART_COLORS.get(str(part), COLORS[7])
        hatch = "////" if part == "not attributed" else None
        axes.barh(
            rows, data[part], left=left, height=0.72,
            color=color, hatch=hatch, edgecolor="#888888" if hatch else "white", lw=0.6, label=part,
        )  # fmt: skip
        for row, start, size in zip(rows, left, data[part], strict=True):
            if size > 0.05 * widest:  # wide enough for its figure
                axes.text(
                    start + size / 2, row, rounded(size, ",.0f"),
                    ha="center", va="center", fontsize=8.5, color=ink_on(color),
                )  # fmt: skip
        left += data[part].to_numpy()
    for row, total in zip(rows, left, strict=True):
        axes.text(total, row, f"  {rounded(total, ',.0f')}", va="center", weight="bold")
    axes.set_yticks(rows, [wrapped(str(name)) for name in data.index])
    axes.set_ylim(-0.6, len(data) - 0.4)
    axes.set_xlabel("bytes a document on disk (primary store, one merged segment)")
    axes.set_xlim(0, widest * 1.1)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=4)
    axes.set_title(titled("Where do the bytes go?", len(data), of, "bytes"))
    return figure


def _few_parts(data: pd.DataFrame) -> pd.DataFrame:
    """Parts in the order of `PART_COLORS`, the smallest of too many joined."""
    most = MOST_PARTS - 1  # and one for what is not attributed
    if len(data.columns) > most:
        largest = data.drop(columns="other", errors="ignore").max().nlargest(most - 1).index
        data = data[largest].assign(other=data.drop(columns=largest).sum(axis=1))
    return data[sorted(data.columns, key=lambda part: list(PART_COLORS).index(str(part)))]


def part_of(field: str, structure: str) -> str:
    """What a field's structure is spent on, as a reader thinks of it.

    Examples
    --------
    >>> part_of("simple_word_3", "points"), part_of("_source", "stored_fields")
    ('words: index', 'JSON source')
    """
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
