"""Compare indices by name, whoever built them. Reads only."""

from bench.compare.indices import Compared, compare_indices
from bench.compare.mapping import mapping_differences
from bench.compare.tables import (
    analysed_sizes,
    comparison_csv,
    comparison_page,
    comparison_rows,
    family_table,
    field_table,
)

__all__ = [
    "Compared",
    "analysed_sizes",
    "compare_indices",
    "comparison_csv",
    "comparison_page",
    "comparison_rows",
    "family_table",
    "field_table",
    "mapping_differences",
]
