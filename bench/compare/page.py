"""A comparison as a page that needs no network."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bench.compare.indices import Compared
from bench.compare.mapping import mapping_differences
from bench.compare.tables import analysed_sizes, comparison_rows, field_table
from bench.report.drawing import style, svg_bytes
from bench.report.page import data_address, render
from bench.report.storage_figures import stacked_bytes


def comparison_page(compared: Sequence[Compared], version: str) -> str:
    """Draw a comparison."""
    fields = field_table(compared)
    figure = ""
    if not fields.empty:
        with style():
            bars = stacked_bytes(fields, analysed_sizes(compared))[0]
            figure = data_address("image/svg+xml", svg_bytes(bars))
    return render(
        "compare.html.j2",
        rows=comparison_rows(compared),
        differences=mapping_differences([one.mappings for one in compared]),
        fields=fields.to_dict("records"),
        figure=figure,
        version=version,
        when=datetime.now(UTC).isoformat(sep=" ", timespec="minutes"),
    )
