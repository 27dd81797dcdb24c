"""What runs that have ended took, and how many bytes an index will take by that."""

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Self

import numpy as np

from bench.index.variant import Variant
from bench.runs.config_file import canonical_json
from bench.signing.tables import document_path
from imgsig import SignatureConfig
from imgsig.layouts import get_layout
from imgsig.layouts.words import FieldPerWord

#: Bytes that a word takes in postings and column at most: 3.6 of points were measured, and a column
#: of 64 bits has 8.
WORD_BYTES = 12
#: Bytes of a document's id.
ID_BYTES = 16
#: Bytes that an index takes at most before it holds anything worth the name, and a field of it.
INDEX_BYTES = 12_000
FIELD_BYTES = 700
#: Times a path is stored at most: in ``_source``, as a column, as a keyword and as text.
PATH_COPIES = 4


@dataclass(frozen=True)
class MeasuredSize:
    """Bytes of an index that a run measured: merged, of its primaries.

    `loaded` is bytes before the final merge, with the copies kept for recovery, over bytes after.
    """

    layout: str
    N: int
    k: int
    codec: str
    bytes_per_document: float
    loaded: float
    documents: int
    run: str

    def bounds(self, variant: Variant) -> bool:
        """Whether an index of the variant takes no more a word, and as much beside its words."""
        same = (self.layout, self.codec) == (variant.layout, canonical_json(dict(variant.codec)))
        return same and self.k >= variant.k


#: Sizes by the variant's key and the number of documents.
Sizes = Mapping[tuple[str, int], MeasuredSize]


def measured_sizes(rows: Iterable[Mapping[Hashable, Any]], run: str) -> Sizes:
    """Sizes of rows of a run's table of indices."""
    return {
        (str(row["config"]), int(row["documents"])): MeasuredSize(
            layout=str(row["layout"]),
            N=int(row["N"]),
            **_words_and_codec(str(row["config"])),
            bytes_per_document=float(row["bytes_per_document"]),
            loaded=float(row["loaded_store_bytes"]) / float(row["store_bytes"]),
            documents=int(row["documents"]),
            run=run,
        )
        for row in rows
    }


def _words_and_codec(config: str) -> dict[str, Any]:
    """Length of words and codec of a canonical form; an index of another kind has neither."""
    form = json.loads(config)
    return {"k": int(form.get("k", 0)), "codec": canonical_json(form.get("codec", {}))}


@dataclass(frozen=True)
class Past:
    """What one run that has ended tells of later ones.

    Sizes of indices; bytes a document of words alone by a sweep's scheme and layout; and the units
    that each stage did: documents, queries or indices, as the stage has them.
    """

    sizes: Sizes = field(default_factory=dict)
    words: Mapping[tuple[str, str], float] = field(default_factory=dict)
    units: Mapping[str, float] = field(default_factory=dict)


#: Runs that a rate names; of more it says how many.
NAMED = 3


@dataclass
class History:
    """Sizes and rates of finished runs; of equal indices, the run that was added last counts.

    Sizes and words are as in `Past`; rates are seconds a unit by kind and stage; both name the run.
    `originals` is how many documents there are in a collection, by its name, and `engines` on what
    each run was measured, as in ``OpenSearch 3.3.2``.
    """

    sizes: Sizes = field(default_factory=dict)
    words: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    rates: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    originals: dict[str, int] = field(default_factory=dict)
    engines: dict[str, str] = field(default_factory=dict)

    def rate(self, stage: str) -> tuple[float, str] | None:
        """Median seconds a unit of a stage, and what it is of; None where no run is known."""
        known = self.rates.get(stage)
        if not known:
            return None
        runs = list(dict.fromkeys(run for _, run in known))
        said = ", ".join(runs) if len(runs) <= NAMED else f"the median of {len(runs)} runs"
        return median(seconds for seconds, _ in known), said

    def add(self, kind: str, run: str, past: Past, seconds: Mapping[str, float]) -> None:
        """Add what a run tells."""
        self.sizes = {**self.sizes, **past.sizes}
        self.words |= {key: (size, run) for key, size in past.words.items()}
        for stage, spent in seconds.items():
            if past.units.get(stage):
                key = stage.split(" ")[0]
                shared = key if key in ("sign", "start") else f"{kind} {key}"
                self.rates.setdefault(shared, []).append((spent / past.units[stage], run))


@dataclass(frozen=True)
class ExpectedSize:
    """An estimated size, merged and of the primaries, and its source in words.

    Before the final merge it is `loaded` times that. A `bound` is an upper bound, not the size of
    such an index.
    """

    bytes_per_document: float
    loaded: float
    source: str
    bound: bool = False

    def of_index(self, variant: Variant, documents: int | None, path_bytes: float) -> Self:
        """The same for an index of so many documents, whose paths are that long on average.

        What any index takes is added, and what longer paths take at most; where that is more than a
        hundredth, it is an upper bound.
        """
        fields = variant.N if isinstance(get_layout(variant.layout).matcher, FieldPerWord) else 0
        once = INDEX_BYTES + fields * FIELD_BYTES
        more = PATH_COPIES * max(path_bytes - len(document_path(0)), 0.0)
        more += once / documents if documents else 0.0
        if more <= self.bytes_per_document / 100:
            return self
        said = self.source.removeprefix("at most: ").removeprefix("measured: ")
        source = f"at most: {said}, and what a small index or longer paths add"
        return replace(
            self, bytes_per_document=self.bytes_per_document + more, source=source, bound=True
        )


def source_bytes(variant: Variant) -> int:
    """Length of a document as it is sent, JSON; that of one whose signature is drawn."""
    grid = SignatureConfig.from_config(variant.signature).grid
    drawn = np.random.default_rng(0).integers(-2, 3, (1, grid.length)).astype(np.int8)
    layout, codec = get_layout(variant.layout), variant.get_codec()
    (document,) = layout.documents(variant.scheme, codec, [document_path(0)], drawn)
    return len(json.dumps(document, separators=(",", ":")))


def reckoned_size(variant: Variant) -> ExpectedSize:
    """What an index can take at most, where none was ever measured.

    Twice the document as it is sent (once as ``_source``, once as columns), the postings and
    columns of its words, and its id; the copies for recovery besides.
    """
    size = 2.0 * source_bytes(variant) + WORD_BYTES * variant.N + ID_BYTES
    return ExpectedSize(size, 1.5, "at most: reckoned from the lengths of its fields", bound=True)


def expected_size(variant: Variant, history: History, documents: int | None) -> ExpectedSize:
    """Estimate the size of a variant's index of so many documents, or of a number not known yet.

    The same index where one was measured: of those of several sizes the nearest, by its ratio.
    Otherwise an upper bound: the largest measured index of that layout and codec whose words are as
    long at least, times N over its N where there are more words; where there is none, what its
    fields' lengths come to.
    """
    measured = [one for (key, _), one in history.sizes.items() if key == variant.key]
    if measured:
        same = min(measured, key=lambda one: _ratio(one.documents, documents or one.documents))
        source = f"measured: {same.run}, {same.documents:,} documents"
        return ExpectedSize(same.bytes_per_document, same.loaded, source)
    alike = [one for one in history.sizes.values() if one.bounds(variant)]
    if not alike:
        return reckoned_size(variant)

    def bound(one: MeasuredSize) -> float:
        return one.bytes_per_document * max(1.0, variant.N / one.N)

    largest = max(alike, key=bound)
    return ExpectedSize(
        bound(largest),
        max(one.loaded for one in alike),
        f"at most: the largest index of layout {variant.layout} and this codec in {largest.run}",
        bound=True,
    )


def _ratio(a: int, b: int) -> float:
    """How many times the larger is the smaller."""
    return max(a, b) / max(min(a, b), 1)


def expected_words(
    scheme: str, variant: Variant, history: History, documents: int | None
) -> ExpectedSize:
    """Estimate the size of an index of words alone, which a sweep has measured or predicted."""
    known = history.words.get((scheme, variant.layout))
    fallback = expected_size(variant, history, documents)
    if known is None:
        return fallback
    return ExpectedSize(known[0], fallback.loaded, f"measured or predicted by {known[1]}")
