"""Small tables and verdicts of the notebooks: headings with units, values with intervals."""

from collections.abc import Sequence

import pandas as pd

from bench.compare import Compared, comparison_rows
from bench.evaluate.measures import NOTEBOOKS, UAP, headlines
from bench.report.drawing import MAIN_RANKINGS, RANKING_LABELS
from bench.report.layout_page import layout_rows
from bench.report.rounding import confidence, rounded
from bench.report.summary import metric
from bench.runs.folder import RunFolder
from bench.sizes.projection import GB

#: Measures of ranking that are shown.
MEASURES = headlines(NOTEBOOKS)


def with_interval(value: float, low: float, high: float, *, digits: int = 3) -> str:
    """A value and its interval.

    >>> with_interval(0.8284, 0.79, 0.861)
    '0.828 (0.790 – 0.861)'
    >>> with_interval(12345.6, 11000, 14000, digits=0)
    '12,346 (11,000 – 14,000)'
    """
    spec = f",.{digits}f"
    return f"{rounded(value, spec)} ({rounded(low, spec)} – {rounded(high, spec)})"


def size_table(folder: RunFolder) -> pd.DataFrame:
    """What the indices take, largest first: one row an index."""
    variants = folder.table("variants")
    first = float(variants["bytes_per_document"].iloc[0])
    rows = variants.sort_values("bytes_per_document", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "index": rows["variant"],
            "signature stored as": rows["codec_label"],
            "layout": rows["layout"],
            "bytes a document": rows["bytes_per_document"],
            "smaller by": [
                f"{rounded(first / size, '.2f')}×" for size in rows["bytes_per_document"]
            ],
        }
    ).reset_index(drop=True)


def layout_table(folder: RunFolder, rows: int = 10) -> pd.DataFrame:
    """Smallest layouts that find the same as the first, and how fast they are searched."""
    table = layout_rows(folder)
    table = table[table["same_hits"]].head(rows)
    cost = folder.config()["cost"]
    sure = "" if cost is None else f" ({confidence(cost)} interval)"
    ends = ["search_ratio", "search_ratio_low", "search_ratio_high"]
    speeds = [
        "–" if pd.isna(value) else with_interval(value, low, high, digits=1) + "×"
        for value, low, high in table[ends].to_numpy()
    ]
    return pd.DataFrame(
        {
            "index": table["variant"],
            "layout": table["summary"],
            "signature stored as": table["codec_label"],
            "bytes a document": table["bytes_per_document"],
            f"searched as fast{sure}": speeds,
        }
    ).reset_index(drop=True)


def quality_table(folder: RunFolder, variant: str) -> pd.DataFrame:
    """How well each ranking of a variant finds copies, with intervals."""
    metrics = folder.table("metrics")
    there = set(metrics.loc[metrics["variant"] == variant, "ranking"])
    rows = []
    for name in (name for name in MAIN_RANKINGS if name in there):
        cells = {m: metric(metrics, variant, name, m) for m in MEASURES}
        shown = {m: with_interval(c.value, c.low, c.high) for m, c in cells.items()}
        rows.append({"ranked by": RANKING_LABELS[name], **shown})
    return pd.DataFrame(rows)


def cutoff_table(folder: RunFolder, variant: str) -> pd.DataFrame:
    """Cutoffs tuned on one half of the scenes and what they give on the other."""
    table, sure = folder.table("cutoffs"), confidence(folder.config()["evaluation"])
    own = table[(table["variant"] == variant) & table["ranking"].isin(MAIN_RANKINGS)]
    rows = []
    for row in own.to_dict("records"):
        shown = {
            f"{name} there ({sure} interval)": with_interval(
                *(row[f"held_out_{name}{end}"] for end in ("", "_low", "_high"))
            )
            for name in ("precision", "recall")
        }
        rows.append(
            {
                "ranked by": RANKING_LABELS[row["ranking"]],
                "tuned for": row["target"],
                "cutoff": rounded(row["cutoff"], ".3g"),
                **shown,
            }
        )
    return pd.DataFrame(rows)


def front_table(folder: RunFolder, measure: str = UAP.name, rows: int = 12) -> pd.DataFrame:
    """Words that no others beat in both bytes and quality: at most `rows`, evenly chosen."""
    front = folder.table("pareto")
    front = front[(front["measure"] == measure) & front["overall"]]
    front = front.sort_values("bytes_per_document", kind="stable")
    if len(front) > rows:
        places = [round(n * (len(front) - 1) / (rows - 1)) for n in range(rows)]
        front = front.iloc[places]
    sizes = front[["bytes_per_document", "bytes_low", "bytes_high"]].to_numpy()
    values = front[["value", "low", "high"]].to_numpy()
    sure = confidence(folder.config()["evaluation"])
    return pd.DataFrame(
        {
            "words × values": front["variant"].to_list(),
            "ranked by": [RANKING_LABELS[name] for name in front["ranking"]],
            "layout": front["layout"].to_list(),
            f"bytes a document ({sure})": [with_interval(*size, digits=0) for size in sizes],
            "size": front["size_source"].to_list(),
            f"{measure} ({sure} interval)": [with_interval(*value) for value in values],
        }
    )


def codec_table(codecs: pd.DataFrame, strip: str = "half") -> pd.DataFrame:
    """Codecs over a strip, smallest first."""
    rows = codecs[codecs["strip"] == strip].sort_values("bytes_whole", kind="stable")
    names = [f"{i} of {f}" if f else str(i) for i, f in zip(rows["id"], rows["form"], strict=True)]
    sizes = rows[["bytes_whole", "low", "high"]].to_numpy()
    return pd.DataFrame(
        {
            "codec": names,
            "lossless": ["yes" if lossless else "no" for lossless in rows["lossless"]],
            "bytes a signature (95 %)": [with_interval(*size, digits=1) for size in sizes],
            "in JSON, bytes": rows["json"].to_list(),
            "times the limit": [f"{rounded(ratio, '.2f')}×" for ratio in rows["ratio_to_limit"]],
            "encoded a second": rows["encode_per_s"].to_list(),
            "decoded a second": rows["decode_per_s"].to_list(),
        }
    )


def projection_table(folder: RunFolder) -> pd.DataFrame:
    """Gigabytes of very large collections, a row a variant, a column a size, with intervals."""
    table, sure = folder.table("projections"), confidence(folder.config())
    rows = []
    for variant, own in table.groupby("variant", sort=False):
        sizes = {
            f"{rounded(row['documents'] / 1e6, ',.0f')} M images, GB ({sure})": with_interval(
                *(row[f"primary_{end}"] / GB for end in ("bytes", "low", "high")), digits=0
            )
            for row in own.sort_values("documents").to_dict("records")
        }
        rows.append({"index": variant, **sizes})
    return pd.DataFrame(rows)


def compared_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """What indices of a cluster take, in the order named."""
    rows = pd.DataFrame(comparison_rows(compared))
    return pd.DataFrame(
        {
            "index": rows["index"],
            "documents": rows["documents"],
            "bytes a document": rows["bytes_per_document"],
            "smaller by": [
                f"{rounded(ratio, '.2f')}×" if ratio else "–" for ratio in rows["smaller_by"]
            ],
            "segments": rows["segments"],
            "shards": rows["shards"],
        }
    )


def codec_index_verdict(folder: RunFolder) -> str:
    """What the smallest lossless codec saves of a whole index, against none and the first."""
    variants = folder.table("variants")
    first = variants.iloc[0]
    stored = variants[(variants["codec"] != "none") & (variants["codec"] != "sign")]
    least = stored.sort_values("bytes_per_document").iloc[0]
    sentence = (
        f"With image-match's mapping, the codec alone takes an index from "
        f"{rounded(first['bytes_per_document'], ',.0f')} bytes a document "
        f"({first['codec_label']}) to "
        f"{rounded(least['bytes_per_document'], ',.0f')} ({least['codec_label']})"
    )
    without = variants[variants["codec"] == "none"]
    if len(without):
        sentence += (
            f"; no signature at all takes {rounded(without['bytes_per_document'].min(), ',.0f')}"
        )
    return f"{sentence}."
