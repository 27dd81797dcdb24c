"""Which documents are right, and which are neither right nor wrong, for every query at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.signing.sign import Signed

WRONG, IGNORED, RIGHT = 0, 1, 2
_CODES = {"ignored": IGNORED, "right": RIGHT}


@dataclass(frozen=True)
class Truth:
    """The pairs that are not wrong; all others are.

    A pair is the row of a query among the signed ones and a document number, ``int64[p]``, sorted,
    with a code, ``int8[p]``: `RIGHT` or `IGNORED`. `documents` is the size of the database.
    """

    query: NDArray[np.int64]
    doc: NDArray[np.int64]
    code: NDArray[np.int8]
    documents: int

    def of(self, query: NDArray[np.int64], doc: NDArray[np.int64]) -> NDArray[np.int8]:
        """Look pairs up, ``int64[h]``: ``int8[h]``, `WRONG`, `IGNORED` or `RIGHT`."""
        known = self.query * self.documents + self.doc
        wanted = query * self.documents + doc
        place = np.searchsorted(known, wanted)
        found = place < len(known)
        found[found] = known[place[found]] == wanted[found]
        codes = np.full(len(query), WRONG, dtype=np.int8)
        codes[found] = self.code[place[found]]
        return codes


def signed_rows(signed: Signed) -> NDArray[np.int64]:
    """Rows of the queries that have a signature, ``int64[m]``, ascending."""
    return np.flatnonzero((signed.queries["status"] == "ok").to_numpy())


def find_truth(signed: Signed) -> Truth:
    """Find the pairs that are not wrong: those that are listed, or among those of one group."""
    rows = signed_rows(signed)
    queries = pd.DataFrame(
        {
            "row": np.arange(len(rows)),
            "query": signed.queries["query"].to_numpy()[rows],
            "group": signed.queries["group"].to_numpy()[rows],
        }
    )
    documents = signed.documents.loc[signed.documents["doc"] >= 0, ["doc", "group"]]
    if signed.listed is None:
        pairs = queries.merge(documents, on="group")
    elif "natural" in set(signed.queries.get("origin", ())):  # see `Signed.relations`
        listed = queries.merge(signed.listed[["query", "doc"]], on="query")
        pairs = pd.concat([queries.merge(documents, on="group"), listed])
        pairs = pairs.drop_duplicates(["row", "doc"])
    else:
        pairs = queries.merge(signed.listed[["query", "doc"]], on="query")
    pairs = pairs.sort_values(["row", "doc"], ignore_index=True)
    relations = signed.relations(pairs["query"].to_numpy(), pairs["doc"].to_numpy())
    pairs = pairs.assign(code=pd.Series(relations).map(_CODES).fillna(WRONG).to_numpy(np.int8))
    pairs = pairs[pairs["code"] != WRONG]
    return Truth(
        query=pairs["row"].to_numpy(np.int64),
        doc=pairs["doc"].to_numpy(np.int64),
        code=pairs["code"].to_numpy(np.int8),
        documents=len(signed.database),
    )
