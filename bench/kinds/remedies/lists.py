"""What is found with a remedy: of each query the best document of every picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.scorings import By, scorings_of
from bench.index.variant import Variant
from bench.kinds.remedies.config import Remedies, Remedy
from bench.kinds.remedies.made import copies
from bench.search.exact.answers import best_hits, plain_scores
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import Truth
from datasets.transforms import Transform


@dataclass(frozen=True)
class Tried:
    """A remedy, tried on a variant.

    `index` is that of the first remedy that stores the same; `variant` is called so.
    """

    source: str
    of: str  # the index without a remedy
    remedy: Remedy
    variant: Variant

    @property
    def index(self) -> str:
        """The name of its index."""
        return self.variant.index_name

    @property
    def stored(self) -> list[Transform]:
        """What is stored besides each picture."""
        return copies(self.remedy.every_piece(), self.remedy.stored_orientations)

    @property
    def turned(self) -> list[Transform]:
        """What is asked besides a query as it is."""
        return copies([], self.remedy.orientations)

    @property
    def scorings(self) -> list[str]:
        """Its rankings: as they come first, then less the background of the answer."""
        by: By = "count" if self.variant.counts_words else "hamming"
        return [one.name for one in scorings_of(by, "score")]

    def row(self) -> dict[str, object]:
        """Columns of a row of the table ``remedies``."""
        return {
            "source": self.source,
            "variant": self.of,
            "remedy": self.remedy.name,
            "index": self.index,
            "pieces": len(self.remedy.every_piece()),
            "stored": len(self.stored) + 1,
            "asked": len(self.remedy.orientations),
        }


def tried(config: Remedies) -> list[Tried]:
    """Every remedy on the first variant, then on the next; the first of each does nothing."""
    every = []
    for variant, remedy, index in config.tried():
        of = variant.index_name
        source = of if remedy.is_none else f"{of}, {remedy.name}"
        every.append(Tried(source, of, remedy, replace(variant, name=index)))
    return every


def grouped(every: Sequence[Tried], by: Literal["of", "index"]) -> list[list[Tried]]:
    """Those of the same variant, or that search the same index, together and in their order."""
    groups: dict[str, list[Tried]] = {}
    for one in every:
        groups.setdefault(getattr(one, by), []).append(one)
    return list(groups.values())


def found(variant: Variant, simulator: Simulator, size: int) -> pd.DataFrame:
    """The best documents of every query of a simulator.

    Columns: ``place`` (the query's row there), ``rank``, ``doc``, ``score``.
    """
    return best_hits(plain_scores(variant, simulator), size)


def folded(
    lists: Sequence[pd.DataFrame],
    picture: NDArray[np.int64],
    rows: NDArray[np.int64],
    truth: Truth,
    size: int,
) -> pd.DataFrame:
    """Answers to each query in several orientations as one: every picture once, at its best.

    Of lists as `found` gives them, by orientation. Columns: ``row`` (of the query in the run's
    table), ``rank``, ``doc`` (the picture), ``score`` and ``code``. Of equal scores the first
    orientation comes first, and in it what the engine has first.
    """
    every = pd.concat(lists, ignore_index=True)
    every["doc"] = picture[every["doc"].to_numpy()]
    every = every.sort_values(["place", "score"], ascending=[True, False], kind="stable")
    every = every.drop_duplicates(["place", "doc"])
    every["rank"] = every.groupby("place").cumcount()
    every = every[every["rank"] < size]
    place, doc = every["place"].to_numpy(), every["doc"].to_numpy()
    return pd.DataFrame(
        {
            "row": rows[place].astype(np.int32),
            "rank": every["rank"].to_numpy(np.int16),
            "doc": doc.astype(np.int32),
            "score": every["score"].to_numpy(np.int32),
            "code": truth.of(place, doc),
        }
    )
