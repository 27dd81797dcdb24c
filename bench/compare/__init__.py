"""Compare indices by name, whoever built them. Reads only."""

from bench.compare.indices import Compared, compare_indices
from bench.compare.mapping import mapping_differences
from bench.compare.page import comparison_page
from bench.compare.tables import comparison_csv, comparison_rows, field_table

__all__ = [
    "Compared",
    "compare_indices",
    "comparison_csv",
    "comparison_page",
    "comparison_rows",
    "field_table",
    "mapping_differences",
]
