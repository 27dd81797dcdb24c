"""Which originals are indexed, and which edited copies are searched for."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from numpy.random import SeedSequence, default_rng

from datasets.collection import Collection, Edit, Original
from datasets.draw import draw_database, held_out_scenes, in_turn, split_halves, spread
from datasets.errors import DatasetError
from datasets.transforms import Transform

#: What results call queries together: all, the halves, by who made them, and by what was done.
PARTS = frozenset(
    {"all", "tune", "report", "made", "natural", "published", "turned", "cropped", "other edits"}
)
#: Behind the name of a kind of pairs that results have for other queries too.
PAIRS = " (pairs)"


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
    #: Who made it: the edit is ours (``made``), a pair's (``natural``), or a benchmark's.
    origin: str = "made"
    #: Planted copies of its original.
    copies: int = 0

    @property
    def n_right(self) -> int:
        """Number of right answers in the database."""
        return int(self.in_database) + self.copies if self.right is None else len(self.right)


@dataclass(frozen=True)
class Planting:
    """Which clusters of copies are planted: for each size, so many originals get that many."""

    copies: tuple[int, ...]
    clusters: int
    transforms: tuple[Transform, ...]


@dataclass(frozen=True)
class QueryPlan:
    """The database and the queries of an experiment.

    Positions in ``collection.originals``, in the order in which they are indexed, and queries in
    the order of their numbers. A position past the last original is that of a planted copy.
    """

    database: tuple[int, ...]
    queries: tuple[Query, ...]
    planted: tuple[Original, ...] = ()

    def original_at(self, collection: Collection, position: int) -> Original:
        """What is at a position of the database."""
        past = position - len(collection.originals)
        return self.planted[past] if past >= 0 else collection.originals[position]


def plan_queries(
    collection: Collection,
    transforms: Sequence[Transform],
    *,
    documents: int | Literal["rest"] | None,
    queries: int | None,
    natural: int | Literal["all"] = 0,
    planting: Planting | None = None,
    no_match_share: float = 0.2,
    seed: int = 0,
) -> QueryPlan:
    """Choose database and queries.

    Whole groups are held out of the database for the no-match queries. The database has all other
    photographs and as many of their tiles as `documents` allows, drawn without replacement, in
    random order. Made queries are spread over photographs as evenly as these allow, and over
    transforms; none is the same edit of the same original as another. Where a collection has
    strata, they are spread over strata and then scenes, every other one a tile. Natural ones are
    pairs of the collection, from one group after the other; a kind of pairs that is called as a
    transform, a stratum or one of `PARTS` has `PAIRS` behind its name.

    With ``rest`` everything that is not held out is in the database. Without a number of documents
    everything is, so that nothing is held out and every query has a match. Without one of queries,
    which takes all that a benchmark brings, it is refused here. `DatasetError` if the collection
    has fewer originals, groups or pairs than asked for, or a number is out of its range.
    """
    if queries is None:
        raise DatasetError(
            f"{collection.name} has no queries of its own, so 'all' is undefined; give a number"
        )
    if queries < (0 if natural else 1) or not 0 <= no_match_share <= 1 or not transforms:
        raise DatasetError(
            f"{queries} queries, a share of {no_match_share} of them without a match, and "
            f"{len(transforms)} transforms are not possible; give at least one query and one "
            "transform, and a share from 0 to 1"
        )
    # A generator for each choice: scenes and halves stay the same whatever the sizes asked for.
    scenes, sample, rng = (default_rng(SeedSequence([seed, stream])) for stream in range(3))
    searched = {pair.query for pair in collection.pairs}
    pictures = [photo for photo in collection.photographs if photo.id not in searched]
    sizes = Counter(photo.group for photo in pictures)
    n_no_match = 0 if documents is None else round(queries * no_match_share)
    held_out = held_out_scenes(len(pictures), sizes, scenes)
    halves = split_halves(sizes, held_out, scenes)
    most = len(transforms)
    if documents is None or not no_match_share or (not n_no_match and documents != "rest"):
        held_out = set()
    elif not held_out or len(held_out) == len(sizes):
        raise DatasetError(
            f"{collection.name} has {len(sizes)} scenes, too few to keep some out of the database "
            "for no-match queries; add pictures, set no_match_share to 0, or documents to null"
        )
    own = [i for i, o in enumerate(collection.originals) if o.photo not in searched]
    usable = [i for i in own if collection.originals[i].group not in held_out]
    database = draw_database(collection, usable, None if documents == "rest" else documents, sample)
    outside = [i for i in own if collection.originals[i].group in held_out]
    matched = spread(collection, database, queries - n_no_match, most, rng)
    unmatched = spread(collection, outside, n_no_match, most, rng, "without a match")
    chosen = [*((one, True) for one in matched), *((one, False) for one in unmatched)]
    planted, copies = _plant(collection, planting, matched, seed)
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
                copies=copies.get(original, 0),
            )
        )
    edits = [one.id for one in transforms]
    planned += _natural(collection, natural, database, halves, len(planned), seed, edits)
    past = range(len(collection.originals), len(collection.originals) + len(planted))
    indexed = tuple(rng.permutation([*database, *past]).tolist())
    return QueryPlan(indexed, tuple(planned), planted)


def _natural(
    collection: Collection,
    count: int | Literal["all"],
    database: Sequence[int],
    halves: Mapping[str, str],
    first: int,
    seed: int,
    edits: Sequence[str],
) -> list[Query]:
    """Queries for so many pairs, numbered from `first` on, one of each group in turn."""
    pairs = collection.pairs
    if count and not pairs:
        raise DatasetError(
            f"{collection.name} brings no pairs to search for; remove natural_queries, or for a "
            "folder list them in its pairs.csv"
        )
    if count != "all" and count > len(pairs):
        raise DatasetError(
            f"natural_queries asks for {count:,} pairs, {collection.name} brings {len(pairs):,}; "
            "lower it, or say all"
        )
    groups = [collection.photograph(pair.query).group for pair in pairs]
    order = in_turn(groups, default_rng(SeedSequence([seed, 4])))
    places = {one.id: place for place, one in enumerate(collection.originals) if one.box is None}
    indexed = set(database)
    strata = {collection.stratum(photo.id) for photo in collection.photographs}
    taken = {*PARTS, *edits, *strata}
    queries: list[Query] = []
    for place in sorted(order[: len(pairs) if count == "all" else count]):
        pair = pairs[place]
        right = tuple(places[name] for name in pair.matches if places[name] in indexed)
        is_taken = pair.how in taken or pair.how.endswith(PAIRS)
        queries.append(
            Query(
                number=first + len(queries),
                original=places[pair.query],
                transform=Label(pair.how + PAIRS if is_taken else pair.how, "natural"),
                seed=0,
                in_database=bool(right),
                half=halves[groups[place]],
                right=right,
                origin="natural",
            )
        )
    return queries


def _plant(
    collection: Collection, planting: Planting | None, matched: Sequence[int], seed: int
) -> tuple[tuple[Original, ...], dict[int, int]]:
    """Copies of whole pictures that are searched for, and how many each of these gets.

    No picture of a pair gets any: its right answers are those that the pair names.
    """
    if planting is None:
        return (), {}
    rng = default_rng(SeedSequence([seed, 5]))
    paired = {name for pair in collection.pairs for name in pair.matches}
    whole = [
        place
        for place in dict.fromkeys(matched)
        if collection.originals[place].box is None
        and collection.originals[place].photo not in paired
    ]
    wanted = planting.clusters * len(planting.copies)
    if wanted > len(whole):
        raise DatasetError(
            f"{wanted:,} clusters of copies are to be planted, but queries are made of "
            f"{len(whole):,} whole pictures of the database; lower "
            "planted.clusters or raise queries"
        )
    sizes = [size for size in planting.copies for _ in range(planting.clusters)]
    copies = dict(zip(rng.permutation(whole)[:wanted].tolist(), sizes, strict=True))
    edits = planting.transforms
    planted = [
        replace(
            collection.originals[original],
            edit=Edit(edits[number % len(edits)], int(rng.integers(2**32))),
        )
        for original, size in copies.items()
        for number in range(size)
    ]
    return tuple(planted), copies


def describe_original(original: Original) -> str:
    """What an original is, for tables: ``photo``, or ``tile`` with its side in pixels.

    >>> describe_original(Original("a@0,0,96,96", "a", "a", (0, 0, 96, 96)))
    'tile-96'
    """
    return "photo" if original.box is None else f"tile-{original.box[2] - original.box[0]}"
