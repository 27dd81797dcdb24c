"""Verdicts of notebooks that no page of a run has, each sentence from tables."""

import pandas as pd

from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder


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
