"""Signatures as vectors for nearest-neighbour search, for comparison with words."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base import Codec
from imgsig.errors import ConfigError, ScoreError
from imgsig.layouts.matcher import Matcher, Scorer
from imgsig.strips import get_strip
from imgsig.words import WordScheme

#: Signature values are −LEVELS..LEVELS in a vector layout.
LEVELS = 2


#: Levels whose bits, "is the value above it", make up a code of a value.
THERMOMETER = (-2, -1, 0, 1)
#: One bit: whether the value is 0 or more.
SIGN = (-1,)
#: Two bits: whether it is 0 or more, and whether it is more than 0.
SIGN_PAIR = (-1, 0)


def level_bits(
    values: NDArray[np.int8], levels: tuple[int, ...] = THERMOMETER
) -> NDArray[np.uint8]:
    """For each value and level a bit: whether the value is above the level.

    With all four levels (a thermometer code) the Hamming distance of two codes is the L1 distance
    of the values; with two or three it is that of the values rounded to those levels.

    Values are ``int8[m, count]`` in −2..2. Gives ``uint8[m, ⌈count · levels / 8⌉]``, the bits
    packed and the last byte filled up with zeros.

    >>> np.unpackbits(level_bits(np.array([[-2, 0], [2, 1]], dtype=np.int8)), axis=1).tolist()
    [[0, 0, 0, 0, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1, 1, 0]]
    >>> np.unpackbits(level_bits(np.array([[-1, 0, 1]], dtype=np.int8), SIGN), axis=1).tolist()
    [[0, 1, 1, 0, 0, 0, 0, 0]]
    """
    bits = values[..., np.newaxis] > np.array(levels, dtype=np.int8)
    return np.packbits(bits.reshape(len(values), -1), axis=1)


@dataclass(frozen=True)
class Vector(Matcher):
    """The free values of a signature as a ``dense_vector``, found by ``knn``.

    The score is a whole number again: what a distance is below the largest possible, plus 1. As
    ``byte`` the distance is the square of the Euclidean one, as ``bit`` the number of bits of a
    code that differ, see `level_bits`: of the thermometer code the sum of the absolute differences.
    Words play no part. ``hnsw`` walks a graph and may miss documents; ``flat`` compares with every
    vector. Of a graph, `m` is the number of neighbours of each vector and `ef_construction` the
    number of candidates that they are chosen from; 0 leaves either to the engine (Elasticsearch
    takes 16 and 100).

    Notes
    -----
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/dense-vector
    """

    element: Literal["byte", "bit"]
    index: Literal["flat", "hnsw"]
    name: str = "vector"
    levels: tuple[int, ...] = THERMOMETER
    m: int = 0
    ef_construction: int = 0

    counts_words: ClassVar[bool] = False

    @property
    def needs(self) -> frozenset[str]:
        """Vectors of its elements."""
        return frozenset({"knn" if self.element == "byte" else "bit_vectors"})

    @property
    def of_signs(self) -> bool:
        """Whether the vector follows from the signs of the values alone."""
        return self.element == "bit" and set(self.levels) <= set(SIGN_PAIR)

    @property
    def exact(self) -> bool:
        """Whether the nearest are found for certain."""
        return self.index == "flat"

    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse more levels than the code has."""
        if codec.n_levels > LEVELS:
            raise ConfigError(
                f"n_levels = {codec.n_levels}: a vector holds values of −{LEVELS} to {LEVELS}; "
                "choose a layout of words"
            )

    def properties(self, scheme: WordScheme) -> dict[str, Any]:
        """One vector."""
        graph = {"m": self.m, "ef_construction": self.ef_construction}
        given = {name: value for name, value in graph.items() if value}
        return {
            self.name: {
                "type": "dense_vector",
                "element_type": self.element,
                "dims": self._bits(scheme) if self.element == "bit" else _count(scheme),
                "index": True,
                "similarity": "l2_norm",
                "index_options": {"type": self.index, **given},
            }
        }

    @property
    def pattern(self) -> str:
        """The field."""
        return self.name

    def fields(
        self, scheme: WordScheme, signatures: NDArray[np.int8], words: NDArray[np.int64]
    ) -> list[dict[str, Any]]:
        """One vector, in hexadecimal digits."""
        return [{self.name: vector} for vector in self._vectors(_values(scheme, signatures))]

    def query(
        self, scheme: WordScheme, signature: NDArray[np.int8], size: int, least: int | None
    ) -> dict[str, Any]:
        """The nearest `size` vectors, among as many candidates as Elasticsearch chooses."""
        (vector,) = self._vectors(_values(scheme, signature[np.newaxis]))
        return {"knn": {"field": self.name, "query_vector": vector, "k": size}}

    def _vectors(self, values: NDArray[np.int8]) -> list[str]:
        rows = level_bits(values, self.levels) if self.element == "bit" else values
        return [row.tobytes().hex() for row in rows]

    def _bits(self, scheme: WordScheme) -> int:
        """Bits of a code, filled up to whole bytes, of which vectors of bits consist."""
        return -(-_count(scheme) * len(self.levels) // 8) * 8

    def scorer(self, scheme: WordScheme, signatures: NDArray[np.int8]) -> Scorer:
        """How much nearer than the farthest possible, plus 1."""
        values, largest = _values(scheme, signatures), self.largest_score(scheme)
        codes = level_bits(values, self.levels) if self.element == "bit" else values

        def scores(signature: NDArray[np.int8]) -> NDArray[np.int64]:
            query = _values(scheme, signature[np.newaxis])
            if self.element == "bit":
                apart = np.bitwise_count(codes ^ level_bits(query, self.levels))
            else:
                apart = np.abs(values - query)
                apart *= apart  # at most 16
            nearer: NDArray[np.int64] = largest - apart.sum(axis=1, dtype=np.int64)
            return nearer

        return scores

    def largest_score(self, scheme: WordScheme) -> int:
        """Of a distance of 0."""
        if self.element == "bit":
            return 1 + _count(scheme) * len(self.levels)
        return 1 + _count(scheme) * (2 * LEVELS) ** 2

    def whole_scores(self, scheme: WordScheme, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        """Undo how Elasticsearch makes scores of distances; `ScoreError` if one is not whole."""
        apart = self._bits(scheme) * (1 - scores) if self.element == "bit" else 1 / scores - 1
        whole: NDArray[np.int64] = np.rint(apart).astype(np.int64)
        if (np.abs(apart - whole) > 0.01).any():  # scores are 32-bit floats
            raise ScoreError(
                f"scores that are of no whole distance: {scores[np.argmax(np.abs(apart - whole))]}"
            )
        return self.largest_score(scheme) - whole


def _count(scheme: WordScheme) -> int:
    return get_strip("half", scheme.grid).count


def _values(scheme: WordScheme, signatures: NDArray[np.int8]) -> NDArray[np.int8]:
    return signatures[:, get_strip("half", scheme.grid).kept]
