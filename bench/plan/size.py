"""How many bytes an index will take, from those that were measured."""

from dataclasses import dataclass

from bench.plan.history import History, MeasuredSize
from bench.variant import Variant


@dataclass(frozen=True)
class ExpectedSize:
    """An estimate, and where it is from.

    Parameters
    ----------
    bytes_per_document : float
        Merged, primaries.
    loaded : float
        How many times that before the final merge.
    source : str
        What it is taken from, in words.
    """

    bytes_per_document: float
    loaded: float
    source: str


def expected_size(variant: Variant, history: History) -> ExpectedSize | None:
    """Estimate the size of a variant's index.

    The same index where one was measured. Otherwise an upper bound: the largest measured index of
    that layout (of any layout, where it was never measured), times N over its N where there are
    more words.

    Parameters
    ----------
    variant : Variant
        Which index.
    history : History
        What was measured.

    Returns
    -------
    ExpectedSize or None
        None where nothing was measured at all.
    """
    same = history.sizes.get(variant.key)
    if same is not None:
        source = f"measured: {same.run}, {same.documents:,} documents"
        return ExpectedSize(same.bytes_per_document, same.loaded, source)
    every = list(history.sizes.values())
    if not every:
        return None
    alike = [one for one in every if one.layout == variant.layout]

    def bound(one: MeasuredSize) -> float:
        return one.bytes_per_document * max(1.0, variant.N / one.N)

    largest = max(alike or every, key=bound)
    what = f"layout {variant.layout}" if alike else "any layout"
    return ExpectedSize(
        bound(largest),
        max(one.loaded for one in alike or every),
        f"at most: the largest index of {what} in {largest.run}",
    )


def expected_words(scheme: str, variant: Variant, history: History) -> ExpectedSize | None:
    """Estimate the size of an index of words alone, which a sweep has measured or predicted.

    Parameters
    ----------
    scheme : str
        Name of the scheme in a sweep.
    variant : Variant
        The index.
    history : History
        What was measured.

    Returns
    -------
    ExpectedSize or None
        As `expected_size` where no sweep knows it.
    """
    known = history.words.get((scheme, variant.layout))
    fallback = expected_size(variant, history)
    if known is None or fallback is None:
        return fallback
    return ExpectedSize(known[0], fallback.loaded, f"measured or predicted by {known[1]}")
