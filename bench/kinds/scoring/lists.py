"""The lists that scorings rank: what each index returns for every query, without an engine."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.judge import REPORT
from bench.evaluate.scorings import SCORINGS, By, Scoring
from bench.index.variant import Variant, scheme_name
from bench.kinds.scoring.fusion import fused
from bench.kinds.scoring.learned import BINS, learn_weights
from bench.search.exact.answers import Answers
from bench.search.exact.rarity import idf_weights, rarity_of
from bench.search.verification import expected_hits
from bench.signing.sign import Signed
from imgsig.index.searching import tells_signs
from imgsig.layouts import NarrowedVector, Vector


@dataclass(frozen=True)
class Source:
    """A list of hits: of which index's words or bits, and by what the engine ranks them.

    Indices that differ in what they keep beside these have the same lists. A list may be of the
    documents alone that share `least` words with the query, or be joined by the client from
    `parts`, lists of the same index.
    """

    name: str
    variant: Variant
    by: By
    least: int = 0
    parts: tuple["Source", ...] = ()


def bits_of(variant: Variant) -> Source:
    """The list of an index's bits."""
    return Source(f"{variant.largest_score - 1} bits", variant, "hamming")


def words_of(variant: Variant) -> Variant:
    """An index of bits and words, as one of its words alone: what is sent and scored is the same.

    `tests/imgsig/layouts/test_narrowed_vector.py` holds that so.
    """
    return replace(variant, layout="keyword_column", name=variant.index_name)


def sources_of(variant: Variant, learned: Collection[str] = ()) -> list[Source]:
    """The lists that an index gives; `learned` names those that weights are learned for."""
    matcher = variant.identity.layout.matcher
    if isinstance(matcher, NarrowedVector):
        bits, words = bits_of(variant), sources_of(words_of(variant))
        parts = words[0], bits
        joined = Source(" + ".join(one.name for one in parts), variant, "fusion", parts=parts)
        return [bits, *words, joined]
    if isinstance(matcher, Vector):
        return [bits_of(variant)]
    name = scheme_name(variant.scheme)
    ways: list[By] = ["count", "idf"]
    if variant.index_name in learned:
        ways += ["position", "position_rarity"]
    return [Source(f"{name} {by}", variant, by) for by in ways]


def scorings_of(source: Source) -> list[Scoring]:
    """What can rank a list of an index, by what its hits carry.

    Lists of filtered documents are measured apart, see `bench.kinds.scoring.filtered`.
    """
    if source.least:
        return []
    identity = source.variant.identity
    carried = {"score"}
    if identity.stores_signature:
        carried.add("distance")
    if source.by == "count" and tells_signs(identity):
        carried.add("sign_distance")
    return [one for one in SCORINGS if one.by == source.by and one.value in carried]


def all_sources(
    variants: Sequence[Variant], learned: Collection[str] = ()
) -> dict[str, tuple[Source, list[Scoring]]]:
    """Every list once, with what some index can rank it by."""
    found: dict[str, tuple[Source, list[Scoring]]] = {}
    for variant in variants:
        for source in sources_of(variant, learned):
            _, known = found.setdefault(source.name, (source, []))
            known += [one for one in scorings_of(source) if one not in known]
    return found


def scoring_names(
    variants: Sequence[Variant], learned: Collection[str] = ()
) -> dict[str, list[str]]:
    """Names of what ranks each list, by the name of the list."""
    found = all_sources(variants, learned)
    return {name: [one.name for one in scorings] for name, (_, scorings) in found.items()}


class Searches(Answers):
    """A signed collection, searched in every way without an engine."""

    def __init__(self, signed: Signed, size: int) -> None:
        super().__init__(signed, size)
        self._tune = (signed.queries["half"] != REPORT).to_numpy()[self.rows]
        #: What was learned for each list of learned weights, see `learn_weights`.
        self.learned: dict[str, pd.DataFrame] = {}
        self._weights: dict[str, NDArray[np.int32]] = {}

    def weights(self, source: Source) -> NDArray[np.int32]:
        """Weights of each query's words, ``int32[queries, N]``; what is learned is learned once."""
        scheme, documents = source.variant.scheme, len(self.simulator.documents)
        if source.by == "count":
            return np.ones((len(self.rows), scheme.N), dtype=np.int32)
        if source.name in self._weights:
            return self._weights[source.name]
        frequencies = self.simulator.document_frequencies(scheme)
        if source.by == "idf":
            return idf_weights(frequencies, documents)
        weights, told = learn_weights(
            self.simulator,
            self.truth,
            scheme,
            self._tune,
            rarity_of(frequencies, documents),
            bins=BINS if source.by == "position_rarity" else 1,
        )
        self._weights[source.name], self.learned[source.name] = weights, told
        return weights

    def scores(self, source: Source) -> Iterator[NDArray[np.int64]]:
        """Scores of all documents for each query in turn."""
        scheme = source.variant.scheme
        if source.parts:
            yield from self._fused(source)
            return
        if source.least:
            (count, *_), bits = sources_of(words_of(source.variant)), bits_of(source.variant)
            for own, shared in zip(self.scores(bits), self.scores(count), strict=True):
                yield np.where(shared >= source.least, own, 0)
            return
        if source.by == "hamming":
            matcher = source.variant.identity.layout.matcher
            scorer = matcher.scorer(scheme, self.simulator.documents)
            yield from (scorer(signature) for signature in self.simulator.queries)
            return
        for sums in self.simulator.weighted(scheme, self.weights(source)):
            yield sums.astype(np.int64)

    def _fused(self, source: Source) -> Iterator[NDArray[np.int64]]:
        for scores in zip(*map(self.scores, source.parts), strict=True):
            lists = [expected_hits(own, self.size)[0] for own in scores]
            yield fused(lists, len(self.simulator.documents))

    def list(self, source: Source, scorings: Iterable[Scoring]) -> pd.DataFrame:
        """The best documents of every query, best first, with the values that scorings need."""
        return self.ranked(self.scores(source), source.variant, {one.value for one in scorings})


def learned_table(learned: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What was learned for all lists in one table, told apart by ``source``."""
    return pd.concat([own.assign(source=name) for name, own in learned.items()], ignore_index=True)
