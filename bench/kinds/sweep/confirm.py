"""The live engine's word on a sample of schemes: every hit, and the bytes they take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from elasticsearch import Elasticsearch

from bench.index.storage import forgotten_if_wrong
from bench.index.variant import Variant, parameters
from bench.kinds.variant_state import VariantState
from bench.kinds.variant_tables import stored_storage
from bench.runs.errors import WrongIndexError
from bench.runs.folder import read_json, write_json
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import signed_rows
from bench.search.search import search_all
from bench.signing.sign import Signed
from imgsig import WordScheme

Advance = Callable[[int], object]

_HIT = ["doc", "score"]


@dataclass(frozen=True)
class LiveScheme:
    """A scheme that is indexed in a layout.

    Parameters
    ----------
    name : str
        Name of the scheme.
    scheme : WordScheme
        The words.
    state : VariantState
        Its index and what has been done with it.
    """

    name: str
    scheme: WordScheme
    state: VariantState

    @classmethod
    def of(cls, name: str, variant: Variant, work: Path, run: str) -> Self:
        """The scheme of a variant; its state is kept in the folder of the unfinished run."""
        return cls(
            name, variant.scheme, VariantState(variant, work / "live" / variant.index_name, run)
        )

    @property
    def _confirmed(self) -> Path:
        return self.state.folder / "confirmed.json"

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left that needs the index."""
        return self.state.storage is not None and self._confirmed.is_file()

    def confirm(
        self,
        client: Elasticsearch,
        signed: Signed,
        simulator: Simulator,
        size: int,
        advance: Advance,
    ) -> None:
        """Search for every query and compare every hit with the predicted ones, unless done."""
        rows = signed_rows(signed)
        if self._confirmed.is_file():
            advance(len(rows))
            return
        numbers = signed.queries["query"].to_numpy()[rows]
        found, timings = search_all(
            client,
            self.state.variant,
            numbers,
            signed.query_signatures[rows],
            size=size,
            advance=advance,
            fetch="id",
        )
        hits = simulator.search(self.scheme, size)
        predicted = pd.DataFrame(
            {"query": numbers[hits.query], "rank": hits.rank, "doc": hits.doc, "score": hits.score}
        )
        with forgotten_if_wrong(self.state.folder):
            compare_hits(f"{self.name} ({self.state.variant.index_name})", found, predicted)
        write_json(
            self._confirmed,
            {
                "queries": len(rows),
                "hits": len(found),
                "took_ms": float(timings["took_ms"].median()),
                "latency_ms": float(timings["latency_ms"].median()),
            },
        )

    def row(self) -> dict[str, Any]:
        """What was confirmed and measured, as a row of the table ``confirmed``.

        ``took_ms`` and ``latency_ms`` are medians: the engine's own time and the client's.
        """
        size = stored_storage(self.state).size
        return {
            "variant": self.name,
            **parameters(self.scheme),
            "layout": self.state.variant.layout,
            "codec": self.state.variant.codec["id"],
            "index": self.state.variant.index_name,
            "documents": size.documents,
            **read_json(self._confirmed),
            "store_bytes": size.store_bytes,
            "bytes_per_document": size.bytes_per_document,
        }


def compare_hits(variant: str, found: pd.DataFrame, predicted: pd.DataFrame) -> None:
    """Compare the engine's hits with the predicted ones.

    Parameters
    ----------
    found, predicted : DataFrame
        ``query, rank, doc, score``.
    """
    key = ["query", "rank"]
    both = found[[*key, *_HIT]].merge(
        predicted, on=key, how="outer", suffixes=("", "_predicted"), sort=True
    )
    got = both[_HIT].to_numpy(dtype=np.float64)
    expected = both[[f"{column}_predicted" for column in _HIT]].to_numpy(dtype=np.float64)
    # A hit that only one side has is NaN on the other, which equals nothing.
    wrong = (got != expected).any(axis=1)
    if not wrong.any():
        return
    first = int(np.argmax(wrong))
    query, rank = both.loc[first, key]
    raise WrongIndexError(
        f"variant {variant}, query {query}, rank {rank}: the engine returned {_hit(got[first])}, "
        f"the simulator predicts {_hit(expected[first])} ({int(wrong.sum())} of {len(both)} hits "
        "differ). Either the index does not hold the words it should, or the simulator is wrong: "
        "run again to rebuild the index, and report it if it stays"
    )


def _hit(pair: Sequence[float]) -> str:
    if np.isnan(pair[0]):
        return "nothing"
    return f"document {int(pair[0])} with score {int(pair[1])}"
