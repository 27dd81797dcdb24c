"""What changed from one finished run to another, and whether it is within limits."""

from bench.diff.limits import Limit, parse_limit
from bench.diff.page import diff_page, listings, sentences
from bench.diff.runs import Diff, diff_runs

__all__ = [
    "Diff",
    "Limit",
    "diff_page",
    "diff_runs",
    "listings",
    "parse_limit",
    "sentences",
]
