"""Cutoffs that were measured: from which value on a hit is a match, and how sure that is.

A cutoff is chosen on some scenes and tried on others, see `docs/explanation/score-and-distance.md`.
``cutoffs.csv`` holds those of ``results/reference-scoring``; ``python -m tools.cutoffs`` makes it.
"""

import csv
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from imgsig.config import SignatureConfig
from imgsig.errors import ConfigError
from imgsig.index.identity import Identity
from imgsig.layouts import Vector
from imgsig.words import WordScheme

#: What a search is told, by what it ranks by.
ARGUMENTS = {"score": "min_score", "margin": "min_margin", "distance": "max_distance"}


@dataclass(frozen=True)
class Cutoff:
    """A cutoff, and what it reached on scenes that it was not chosen on.

    Attributes
    ----------
    value : float
        Scores and margins are kept from here on, distances below.
    rank : {"score", "margin", "distance"}
        What is cut.
    background : str or int
        Of a margin, as `ImageIndex.search` takes it.
    wanted : float
        The precision that it was chosen for.
    precision, precision_low, precision_high : float
        What it reached, and between which 95 of 100 other choices of scenes came.
    recall : float
        Of the matches, the share that it kept.
    documents : int
        Of the collection. Wrong hits grow with it: in a larger one the precision is lower.
    """

    value: float
    rank: str
    background: str | int
    wanted: float
    precision: float
    precision_low: float
    precision_high: float
    recall: float
    documents: int

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of a search: ``index.search("b.jpg", **cutoff.arguments)``."""
        value = self.value if self.rank == "distance" else int(self.value)
        told: dict[str, Any] = {"rank": self.rank, ARGUMENTS[self.rank]: value}
        return told | ({"background": self.background} if self.rank == "margin" else {})


def compared_as(identity: Identity) -> str:
    """What an index compares: its bits, or its words; of signatures as they are by default.

    How pixels are read changes few pictures, and each a little: `decode`, `pixels`, `exif` and
    `alpha` may be others.

    >>> compared_as(Identity.from_config({"layout": "vector_sign_flat"}))
    '272 bits'
    >>> compared_as(Identity.from_config({"words": {"N": 32, "k": 7}}))
    '32x7'
    """
    matcher, words = identity.layout.matcher, identity.words
    usual = SignatureConfig()
    read = {name: getattr(usual, name) for name in ("decode", "pixels", "exif", "alpha")}
    if replace(identity.signature, **read) != usual:
        return "signatures of another configuration"
    if isinstance(matcher, Vector) and matcher.element == "bit":
        return f"{matcher.largest_score(words) - 1} bits"
    if matcher.knows_positions and words == WordScheme(N=words.N, k=words.k):
        return f"{words.N}x{words.k}"
    return "what was not measured"


def measured_cutoff(
    identity: Identity,
    precision: float,
    rank: str = "margin",
    background: str | int = "gap",
    documents: int | None = None,
) -> Cutoff:
    """The cutoff for a precision, of an index like this one.

    Parameters
    ----------
    identity : Identity
        Of the index.
    precision : float
        Wanted: one that was measured.
    rank, background
        As `ImageIndex.search` takes them.
    documents : int, optional
        Of the index: the smallest collection that was measured and is no smaller is taken, or else
        the largest. By default the largest.

    Raises
    ------
    ConfigError
        If it was not measured; the message says what was.
    """
    compared = compared_as(identity)
    if rank == "distance" and not identity.codec.lossless:
        compared = f"signatures as {identity.codec.get_config()['id']!r} gives them back"
    alike = [(name, one) for name, one in _measured() if name == compared]
    found = [
        one
        for _, one in alike
        if (one.rank, one.wanted) == (rank, precision)
        and (rank != "margin" or one.background == background)
    ]
    if not found:
        there = sorted(
            {
                f"{one.rank}{f' (background {one.background})' if one.rank == 'margin' else ''} "
                f"for {one.wanted:g}"
                for _, one in alike
            }
        )
        raise ConfigError(
            f"no cutoff was measured of {compared} by {rank} for a precision of {precision:g}; "
            f"measured of it: {', '.join(there) or 'nothing'}. Choose one of these, or measure "
            "your own index with a config of kind scoring"
        )
    by_size = sorted(found, key=lambda one: one.documents)
    if not documents:
        return by_size[-1]
    return next((one for one in by_size if one.documents >= documents), by_size[-1])


@cache
def _measured() -> tuple[tuple[str, Cutoff], ...]:
    text = files("imgsig.index").joinpath("cutoffs.csv").read_text(encoding="utf-8")
    rows = []
    for row in csv.DictReader(text.splitlines()):
        compared, rank, background = row.pop("compared"), row.pop("rank"), row.pop("background")
        numbers: dict[str, Any] = {name: float(value) for name, value in row.items()}
        numbers["documents"] = int(numbers["documents"])
        place = int(background) if background.isdigit() else background
        rows.append((compared, Cutoff(rank=rank, background=place, **numbers)))
    return tuple(rows)
