"""Stacked bars of what an index's bytes are spent on."""

import re

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bench.report.style import COLORS

#: Kinds of data in an index, as a reader thinks of them, by the field's name.
PARTS = (
    (r"simple_words?(_\d+)?|w\d+", "words"),
    (r"vector", "vector"),
    (r"signature|s", "signature"),
    (r"path|p", "path"),
    (r"_recovery_source", "copies for recovery"),
    (r"_.*", "internal"),
)


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
    measured : Series
        Bytes a document by index, in the order of the bars.

    Returns
    -------
    figure : Figure
    data : DataFrame
        One row an index, one column a part.
    """
    parts = map(part_of, fields["field"], fields["structure"])
    data = fields.assign(part=list(parts)).pivot_table(
        index="index", columns="part", values="bytes_per_document", aggfunc="sum", fill_value=0
    )
    data = data.loc[measured.index]
    estimated = data.sum(axis=1)
    data = data.mul((measured / estimated).clip(upper=1.0), axis=0)
    data = _few_parts(data[data.max().sort_values(ascending=False).index])
    data["not attributed"] = (measured - estimated).clip(lower=0.0)

    figure = Figure(figsize=(10, 2.2 + 0.6 * len(data)))
    axes = figure.subplots()
    left = np.zeros(len(data))
    rows = np.arange(len(data))[::-1]
    for color, part in zip(COLORS[: len(data.columns)], data.columns, strict=True):
        axes.barh(rows, data[part], left=left, color=color, label=part, height=0.62)
        left += data[part].to_numpy()
    for row, total in zip(rows, left, strict=True):
        axes.text(total, row, f"  {total:,.0f}", va="center")
    axes.set_yticks(rows, [wrapped(str(name)) for name in data.index])
    axes.set_xlabel("bytes a document on disk (primary store, one merged segment)")
    axes.set_xlim(0, left.max() * 1.12)
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=4)
    axes.set_title("Where do the bytes go?")
    return figure, data.rename_axis("variant").reset_index()


def _few_parts(data: pd.DataFrame) -> pd.DataFrame:
    """As many parts as there are colours, one of which is for what is not attributed."""
    most = len(COLORS) - 1
    if len(data.columns) <= most:
        return data
    largest = [part for part in data.columns if part != "other"][: most - 1]
    return data[largest].assign(other=data.drop(columns=largest).sum(axis=1))


def wrapped(name: str, width: int = 26) -> str:
    """A long index name in two lines, broken at a hyphen."""
    if len(name) <= width or "-" not in name[:width]:
        return name
    at = name.rindex("-", 0, width) + 1
    return name[:at] + "\n" + name[at:]


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
