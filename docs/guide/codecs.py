"""Sizes and speeds of codecs, made from the committed runs that measured them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.report.axes import where
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder
from guide.figures import wrapped
from guide.markdown import table

_RESULTS = Path(__file__).resolve().parents[2] / "results"
SIZES = RunFolder(_RESULTS / "reference-codec-sizes")
INDEXED = RunFolder(_RESULTS / "reference-codecs")
#: Codecs that are shown without a strip, too: what is stored today, and the two shortest of it.
_UNSTRIPPED = ("int_array", "base62", "packed")


def _two(value: float) -> str:
    """Two digits: more of a speed is noise."""
    return f"{float(f'{value:.2g}'):,.0f}"


def _name(row: dict[Any, Any]) -> str:
    form = f" of {row['form']}" if row["form"] else ""
    return f"`{row['id']}`{form}{'' if row['lossless'] else ' (lossy)'}"


def codecs() -> str:
    """A row a codec: bytes, and how fast it is."""
    every = SIZES.table("codecs").sort_values("bytes_whole", kind="stable")
    shown = every[(every["strip"] == "half") | every["id"].isin(_UNSTRIPPED)]
    rows = [
        (
            _name(row),
            row["strip"],
            rounded(row["bytes_whole"], ".1f"),
            rounded(row["json"], ",.0f"),
            rounded(row["above_limit"], ",.1f"),
            rounded(row["ratio_to_limit"], ".2f"),
            _two(row["encode_per_s"]),
            _two(row["decode_per_s"]),
            _two(1e6 / row["encode_one_per_s"]),
        )
        for row in shown[shown["strip"] != "border"].to_dict("records")
    ]
    headings = ["codec", "strip", "bytes", "characters in JSON", "above the limit", "× limit"]
    headings += ["encode/s", "decode/s", "encode one, µs"]
    best = where(every, id="context").iloc[0]
    return (
        table(headings, rows, "  rrrrrrr")
        + "\n"
        + wrapped(
            "`int_array` is counted as compact JSON. Intervals (95 %, groups resampled): "
            f"`context` {between(best['low'], best['high'], '.1f')} bytes, the largest "
            f"{best['largest']}. On random crops of the same photographs it takes "
            f"{rounded(best['bytes_crops'], '.1f')} bytes."
        )
    )


def limit() -> str:
    """Cross-entropy under models: how few bytes there could be."""
    every = SIZES.table("limit")
    whole, crops = (
        where(every, pictures=one).set_index("model", drop=False) for one in ("whole", "crops")
    )
    rows = [
        (
            name,
            rounded(row["bytes"], ".2f"),
            between(row["low"], row["high"], ".1f"),
            rounded(crops.loc[name, "bytes"], ".2f"),
        )
        for name, row in whole.iterrows()
    ]
    return table(["model", "whole photographs", "95 %", "random crops"], rows, " rrr")


def coders() -> str:
    """The entropy coder of `context` beside a library's."""
    rows = [
        (
            row["coder"],
            rounded(row["bytes"], ".2f"),
            _two(row["encode_per_s"]),
            _two(row["decode_per_s"]),
        )
        for row in SIZES.table("coders").to_dict("records")
    ]
    return table(["coder", "bytes", "encode/s", "decode/s"], rows, " rrr")


def indexed() -> str:
    """Bytes a document in image-match's mapping, a row a codec."""
    every = INDEXED.table("variants").sort_values("bytes_per_document")
    tester = where(every, variant="tester")["bytes_per_document"].item()
    rows = [
        (
            f"`{row['codec']}`",
            row["strip"] or "–",
            *(
                rounded(row[name], ",.0f")
                for name in (
                    "stored_json_bytes", "source_bytes", "signature_bytes", "bytes_per_document"
                )
            ),
            f"{rounded(tester / row['bytes_per_document'], '.2f')}×",
        )
        for row in every.to_dict("records")
    ]  # fmt: skip
    headings = ["codec", "strip", "as JSON", "`_source`", "its own index", "all"]
    return table([*headings, "`tester` is larger by"], rows, "  rrrrr")


BLOCKS: dict[str, Callable[[], str]] = {
    "codecs": codecs,
    "limit": limit,
    "coders": coders,
    "indexed": indexed,
}
"""Made parts of the page on codecs by the name in their marks."""
