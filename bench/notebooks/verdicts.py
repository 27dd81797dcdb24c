"""Verdicts of notebooks that no page of a run has, each sentence from tables."""

from bench.report.rounding import rounded
from bench.runs.folder import RunFolder


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
