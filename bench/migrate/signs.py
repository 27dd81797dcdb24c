"""Signs of signatures from their words alone, for vectors of an index that stores no signature."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.runs.errors import ExperimentError
from imgsig import CodecError, WordScheme
from imgsig.layouts import LAYOUTS, Layout
from imgsig.layouts.vector import Vector
from imgsig.sign_words import known_signs, signs_from_words
from imgsig.strips import get_strip

#: Share of the values whose signs the words must hold.
#:
#: What no word holds stands as 0 in every document and adds the same to all distances of a query:
#: the order is that of the other bits, which the words of the source do not exceed.
LEAST_KNOWN = 0.5


@dataclass(frozen=True)
class Signs:
    """What words tell of the bits of a vector."""

    values: int  # of a signature, without those that follow from others
    lost: int  # of these, in no word, nor is their mirror
    bits: int  # of a vector
    lost_bits: int

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    def __str__(self) -> str:
        if not self.lost:
            return f"no bit is lost: the words hold the signs of all {self.values} values"
        return (
            f"{self.lost_bits} of {self.bits} bits are lost: {self.lost} of {self.values} values "
            "are in no word and stand as 0 in every vector, which lowers all scores of a query "
            f"alike, by at most {self.lost_bits}"
        )


def _levels(layout: Layout) -> int | None:
    """Bits a value, where they follow from its sign."""
    matcher = layout.matcher
    return len(matcher.levels) if isinstance(matcher, Vector) and matcher.of_signs else None


def signs_told(scheme: WordScheme, layout: Layout) -> Signs:
    """What words tell of the vectors of a layout; `ExperimentError` if that is too little."""
    if (levels := _levels(layout)) is None:
        others = [name for name, one in LAYOUTS.items() if _levels(one)]
        raise ExperimentError(
            f"layout {layout.layout_id!r} needs the values of signatures; the source stores no "
            f"signature, and its words tell only signs. Choose {', '.join(others)}, or a layout of "
            "words"
        )
    kept = get_strip("half", scheme.grid).kept
    lost = int((~known_signs(scheme.k, scheme.N, scheme.grid)[kept]).sum())
    if lost > (1 - LEAST_KNOWN) * len(kept):
        raise ExperimentError(
            f"the source stores no signature, and N = {scheme.N} words of k = {scheme.k} hold the "
            f"signs of {len(kept) - lost} of {len(kept)} values; {LEAST_KNOWN:.0%} are needed for "
            "vectors. Choose a layout of words, or index the images again"
        )
    return Signs(len(kept), lost, levels * len(kept), levels * lost)


def recovered(scheme: WordScheme, words: Sequence[Sequence[int]]) -> NDArray[np.int8]:
    """The signs of signatures, ``int8[m, length]``; 0 where the words tell none.

    `CodecError` if words are not of an image: with a wrong word length, overlapping ones disagree
    about a value, or mirrored values are not opposite.
    """
    signs = signs_from_words(
        np.array(words, dtype=np.int64).reshape(-1, scheme.N), scheme.k, scheme.grid
    )
    if not get_strip("half", scheme.grid).is_regular(signs).all():
        raise CodecError(
            "the signs of mirrored values are not opposite, as they are in every image; is k right?"
        )
    return signs
