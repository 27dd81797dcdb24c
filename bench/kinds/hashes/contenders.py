"""What is compared: other programs' hashes and our own indices, and how the hits of each rank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.scorings import SCORINGS, Scoring
from bench.index.variant import Variant
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.foreign import HashVariant
from bench.kinds.hashes.hashing import Hashed
from bench.search.exact.answers import Answers
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
    def by(self) -> str:
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
        return [one for one in SCORINGS if (one.by, one.value) == (self.by, self.value)]

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
        return answers.ranked(self._scores(answers, own), self.variant, values)

    def _scores(self, answers: Answers, own: Signed) -> Iterator[NDArray[np.int64]]:
        scheme = self.variant.scheme
        if self.variant.counts_words:
            ones = np.ones((len(answers.rows), scheme.N), dtype=np.int32)
            yield from (each.astype(np.int64) for each in answers.simulator.weighted(scheme, ones))
            return
        scorer = self.variant.identity.layout.matcher.scorer(scheme, own.database)
        yield from map(scorer, own.query_signatures[answers.rows])


def contenders(config: Hashes, left_out: Sequence[str] = ()) -> list[Contender]:
    """Our own first, the first of which the others are compared with; then the hashes."""
    own = []
    for variant in config.expand():
        bits = 0 if variant.counts_words else variant.largest_score - 1
        own.append(Contender(variant.index_name, variant, bits))
    hashes = [one for one in config.chosen() if one.name not in left_out]
    return own + [Contender(one.name, HashVariant.of(one), one.bits, one.package) for one in hashes]
