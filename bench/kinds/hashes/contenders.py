"""What is compared: other programs' hashes and our own indices, and how the hits of each rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bench.evaluate.scorings import By, Scoring, scorings_of
from bench.index.variant import Variant
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.foreign import HashVariant
from bench.kinds.hashes.hashing import Hashed
from bench.peers.environment import environment_folder
from bench.runs.errors import MeasurementError
from bench.search.exact.answers import Answers, plain_scores
from bench.search.exact.simulator import Simulator
from bench.search.search import search_body
from bench.signing.sign import Signed
from imgsig.layouts import Fetch

#: Who made what is stored: another program, or we.
OURS = "imgsig"


@dataclass(frozen=True)
class Contender:
    """A hash or an index of our own: `bits` of a hash or a vector, 0 where it has words."""

    name: str
    variant: Variant
    bits: int
    package: str = OURS

    @property
    def by(self) -> By:
        """What the engine ranks by."""
        return "count" if self.variant.counts_words else "hamming"

    @property
    def value(self) -> str:
        """What the client ranks by: the engine's score, or the distance of words' signatures."""
        with_distance = self.variant.counts_words and self.variant.stores_signature
        return "distance" if with_distance else "score"

    @property
    def scorings(self) -> list[Scoring]:
        """Its rankings: as they come first, then less the background of the answer."""
        return scorings_of(self.by, self.value)

    @property
    def fetch(self) -> tuple[Fetch, ...]:
        """What hits return to be ranked and shown."""
        return ("signature", "path") if self.value == "distance" else ("path",)

    def signed(self, signed: Signed, hashed: Mapping[str, Hashed]) -> Signed:
        """The collection, with hashes in place of signatures where it is a hash."""
        if self.name not in hashed:
            return signed
        documents, queries = hashed[self.name]
        return replace(signed, database=documents, query_signatures=queries)

    def hits(self, answers: Answers, own: Signed) -> pd.DataFrame:
        """The best documents of every query, computed without an engine."""
        values = [self.value] if self.value == "distance" else []
        simulator = answers.simulator
        if not self.variant.counts_words:
            simulator = Simulator(own.database, own.query_signatures[answers.rows])
        return answers.ranked(plain_scores(self.variant, simulator), self.variant, values)

    def body(self, own: Signed, size: int, row: int) -> dict[str, Any]:
        """The search that is timed, for the query of a row."""
        return search_body(self.variant, own.query_signatures[row], size=size, fetch=self.fetch)

    def row(self) -> dict[str, Any]:
        """Its columns of the table ``indices``."""
        return {"source": self.name, "bits": self.bits, "package": self.package}


def missing(config: Hashes, peers: Mapping[str, Any]) -> list[str]:
    """Hashes whose package is not among the peers, see `bench.peers.environment`; not all of them.

    `MeasurementError` where none is left.
    """
    names = [one.name for one in config.chosen() if one.package not in peers["packages"]]
    if len(names) == len(config.hashes):
        raise MeasurementError(
            f"hashes: {', '.join(names)} cannot be made here, for want of a compiler, and no other "
            f"is named. Name others too, or install a compiler and delete {environment_folder()}, "
            f"so that it is made again. {peers['not_compiled']}"
        )
    return names


def contenders(config: Hashes, left_out: Sequence[str] = ()) -> list[Contender]:
    """Our own first, the first of which the others are compared with; then the hashes."""
    own = []
    for variant in config.expand():
        bits = 0 if variant.counts_words else variant.largest_score - 1
        own.append(Contender(variant.index_name, variant, bits))
    hashes = [one for one in config.chosen() if one.name not in left_out]
    return own + [Contender(one.name, HashVariant.of(one), one.bits, one.package) for one in hashes]
