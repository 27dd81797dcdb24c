"""Benchmarks that others have published, as folders in their own layout.

They bring pictures to index, queries and right answers. What is in the folder ``distractors`` of a
benchmark's folder, if there is one, is indexed too. Each function describes the layout it reads.
"""

from collections.abc import Callable
from pathlib import Path

from datasets.published.collection import PublishedCollection, PublishedQuery, plan_published
from datasets.published.disc21 import open_disc21, open_disc21_dev
from datasets.published.numbered import open_copydays, open_holidays, open_ukbench

__all__ = ["BENCHMARKS", "PublishedCollection", "PublishedQuery", "plan_published"]

#: By the name that a specification begins with.
BENCHMARKS: dict[str, Callable[[Path], PublishedCollection]] = {
    "copydays": open_copydays,
    "holidays": open_holidays,
    "ukbench": open_ukbench,
    "disc21": open_disc21,
    "disc21-dev": open_disc21_dev,
}
