"""Which originals are indexed, and which edited copies are searched for."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from numpy.random import Generator, SeedSequence, default_rng

from datasets.collection import Collection, Original
from datasets.errors import DatasetError
from datasets.transforms import Transform

#: Share of the photographs whose groups are kept out of the database for no-match queries.
HELD_OUT_SHARE = 0.15


@dataclass(frozen=True)
class Label:
    """The name of an edit that somebody else has made.

    Id and family are as those of a `Transform`; the strength is NaN where it has none.
    """

    id: str
    family: str
    strength: float = math.nan


@dataclass(frozen=True)
class Query:
    """An edited copy, or a picture that a benchmark brings, to search for.

    The original is a position in ``collection.originals``: of what the copy is made of, or of the
    picture it is, which a label for a transform says. In the database is the original, or any right
    answer; if not, every answer is wrong. Thresholds are tuned on one half (``tune``) and reported
    on the other (``report``); a group is in one only. Right answers, and those that are neither
    right nor wrong, are positions too, where the collection lists them; without a list, the
    original is the right answer.
    """

    number: int
    original: int
    transform: Transform | Label
    seed: int
    in_database: bool
    half: str
    right: tuple[int, ...] | None = None
    ignored: tuple[int, ...] = ()

    @property
    def n_right(self) -> int:
        """Number of right answers in the database."""
        return int(self.in_database) if self.right is None else len(self.right)


@dataclass(frozen=True)
class QueryPlan:
    """The database and the queries of an experiment.

    Positions in ``collection.originals``, in the order in which they are indexed, and queries in
    the order of their numbers.
    """

    database: tuple[int, ...]
    queries: tuple[Query, ...]


def plan_queries(
    collection: Collection,
    transforms: Sequence[Transform],
    *,
    documents: int | None,
    queries: int | None,
    no_match_share: float = 0.2,
    seed: int = 0,
) -> QueryPlan:
    """Choose database and queries.

    Whole groups are held out of the database for the no-match queries. The database has all other
    photographs and as many of their tiles as `documents` allows, drawn without replacement, in
    random order. Queries are spread over photographs as evenly as these allow, and over transforms;
    none is the same edit of the same original as another.

    Without a number of documents everything is in the database, so that nothing is held out and
    every query has a match. Without one of queries, which takes all that a benchmark brings, it is
    refused here. `DatasetError` if the collection has fewer originals, or groups, than asked for,
    or a number is out of its range.
    """
    if queries is None:
        raise DatasetError(
            f"{collection.name} has no queries of its own, so 'all' is undefined; give a number"
        )
    if queries < 1 or not 0 <= no_match_share <= 1 or not transforms:
        raise DatasetError(
            f"{queries} queries, a share of {no_match_share} of them without a match, and "
            f"{len(transforms)} transforms are not possible; give at least one query and one "
            "transform, and a share from 0 to 1"
        )
    # A generator for each choice: scenes and halves stay the same whatever the sizes asked for.
    scenes, sample, rng = (default_rng(SeedSequence([seed, stream])) for stream in range(3))
    sizes = Counter(photo.group for photo in collection.photographs)
    n_no_match = 0 if documents is None else round(queries * no_match_share)
    held_out = _held_out(collection, sizes, scenes)
    halves = split_halves(sizes, held_out, scenes)
    most = len(transforms)
    if not n_no_match:
        held_out = set()
    elif not held_out or len(held_out) == len(sizes):
        raise DatasetError(
            f"{collection.name} has {len(sizes)} scenes, too few to keep some out of the database "
            "for no-match queries; add pictures, set no_match_share to 0, or documents to null"
        )
    usable = [i for i, o in enumerate(collection.originals) if o.group not in held_out]
    database = _database(collection, usable, documents, sample)
    outside = [i for i, o in enumerate(collection.originals) if o.group in held_out]
    matched = _spread(collection, database, queries - n_no_match, most, rng)
    unmatched = _spread(collection, outside, n_no_match, most, rng)
    chosen = [*((one, True) for one in matched), *((one, False) for one in unmatched)]
    planned = []
    edited: set[tuple[int, int]] = set()
    for number, (original, in_database) in enumerate(chosen):
        # In steps through a fresh order each time round: every transform as often as any other,
        # but for those that this original has had.
        if number % most == 0:
            order = rng.permutation(most).tolist()
        at = number % most
        edit = next(one for one in order[at:] + order[:at] if (original, one) not in edited)
        edited.add((original, edit))
        planned.append(
            Query(
                number=number,
                original=original,
                transform=transforms[edit],
                seed=int(SeedSequence([seed, 3, number]).generate_state(1)[0]),
                in_database=in_database,
                half=halves[collection.originals[original].group],
            )
        )
    return QueryPlan(tuple(rng.permutation(database).tolist()), tuple(planned))


def _held_out(collection: Collection, sizes: Counter[str], rng: Generator) -> set[str]:
    wanted = HELD_OUT_SHARE * len(collection.photographs)
    held_out: set[str] = set()
    photographs = 0
    for group in rng.permutation(sorted(sizes)).tolist():
        if photographs + sizes[group] <= max(wanted, 2):  # one scene for each half
            held_out.add(group)
            photographs += sizes[group]
    return held_out


def _database(
    collection: Collection, usable: list[int], documents: int | None, rng: Generator
) -> list[int]:
    if documents is None and len(usable) < 2:  # whose final merge would have nothing to merge
        raise DatasetError(
            f"{collection.name} gives one original, but an index needs at least two; add pictures"
        )
    if documents is None or documents == len(usable):
        return usable
    if documents < 1:
        raise DatasetError(f"a database needs at least one document, not {documents}")
    if documents > len(usable):
        outside = len(collection.originals) - len(usable)
        kept = f" ({outside:,} are kept out of it for no-match queries)" if outside else ""
        raise DatasetError(
            f"{collection.name} gives {len(usable):,} originals for the database{kept}, "
            f"{documents:,} are asked for; lower documents, set it to null for all there are, or "
            "add smaller tiles"
        )
    whole = [i for i in usable if collection.originals[i].box is None]
    tiles = [i for i in usable if collection.originals[i].box is not None]
    if documents <= len(whole):
        return sorted(rng.choice(whole, documents, replace=False).tolist())
    return sorted([*whole, *rng.choice(tiles, documents - len(whole), replace=False).tolist()])


def split_halves(
    sizes: Mapping[str, int], held_out: AbstractSet[str], rng: Generator
) -> dict[str, str]:
    """Split scenes in two halves of about as many photographs.

    Those in the database and those held out are split each for themselves, in random order, the
    next always to the smaller half. A scene, of so many photographs, is in ``tune`` or ``report``.
    """
    halves = {}
    for part in (set(sizes) - held_out, held_out):
        filled = {"tune": 0, "report": 0}
        for group in rng.permutation(sorted(part)).tolist():
            half = min(filled, key=lambda name: filled[name])
            filled[half] += sizes[group]
            halves[group] = half
    return halves


def _spread(
    collection: Collection, originals: list[int], count: int, most: int, rng: Generator
) -> list[int]:
    """Take originals photograph by photograph in turn, the whole photographs first.

    When all are taken it begins again, `most` times over: as often as there are transforms.
    """
    if count > len(originals) * most:
        raise DatasetError(
            f"{count:,} queries are asked for, but {len(originals):,} originals and {most} "
            f"transforms make {len(originals) * most:,}; lower queries or no_match_share, or add "
            "tiles or transforms"
        )
    taken: list[int] = []
    while len(taken) < count:
        by_photo: dict[str, list[int]] = {}
        for original in rng.permutation(originals).tolist():
            by_photo.setdefault(collection.originals[original].photo, []).append(original)
        for own in by_photo.values():
            own.sort(key=lambda i: collection.originals[i].box is None)  # taken from the end
        photos = sorted(by_photo)
        while any(by_photo.values()) and len(taken) < count:
            order = rng.permutation(photos).tolist()
            taken += [by_photo[photo].pop() for photo in order if by_photo[photo]]
    return taken[:count]


def describe_original(original: Original) -> str:
    """What an original is, for tables: ``photo``, or ``tile`` with its side in pixels.

    >>> describe_original(Original("a@0,0,96,96", "a", "a", (0, 0, 96, 96)))
    'tile-96'
    """
    return "photo" if original.box is None else f"tile-{original.box[2] - original.box[0]}"
