"""Benchmarks that others have published, as folders in their own layout.

They bring pictures to index, queries and right answers. What is in the folder ``distractors`` of a
benchmark's folder, if there is one, is indexed too. Each module describes the layout it reads.
"""

from collections.abc import Callable
from pathlib import Path

from datasets.published.collection import PublishedCollection, PublishedQuery
from datasets.published.copydays import open_copydays
from datasets.published.disc21 import open_disc21
from datasets.published.holidays import open_holidays
from datasets.published.plan import plan_published
from datasets.published.ukbench import open_ukbench

__all__ = ["BENCHMARKS", "PublishedCollection", "PublishedQuery", "plan_published"]

#: By the name that a specification begins with.
BENCHMARKS: dict[str, Callable[[Path], PublishedCollection]] = {
    "copydays": open_copydays,
    "holidays": open_holidays,
    "ukbench": open_ukbench,
    "disc21": open_disc21,
}
