"""Draws of originals and scenes, each from a random generator of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest

from numpy.random import Generator

from datasets.collection import Collection
from datasets.errors import DatasetError

#: Share of the photographs whose groups are kept out of the database for no-match queries.
HELD_OUT_SHARE = 0.15


def in_turn(groups: Sequence[str], rng: Generator) -> list[int]:
    """Places in random order, one of each group in turn."""
    left: dict[str, list[int]] = {}
    for place in rng.permutation(len(groups)).tolist():
        left.setdefault(groups[place], []).append(place)
    turns = rng.permutation(sorted(left)).tolist()
    order: list[int] = []
    while len(order) < len(groups):
        order += [left[group].pop() for group in turns if left[group]]
    return order


def held_out_scenes(pictures: int, sizes: Counter[str], rng: Generator) -> set[str]:
    """Scenes of `HELD_OUT_SHARE` of so many pictures; sizes are of all scenes."""
    wanted = HELD_OUT_SHARE * pictures
    held_out: set[str] = set()
    photographs = 0
    for group in rng.permutation(sorted(sizes)).tolist():
        if photographs + sizes[group] <= max(wanted, 2):  # one scene for each half
            held_out.add(group)
            photographs += sizes[group]
    return held_out


def draw_database(
    collection: Collection, usable: list[int], documents: int | None, rng: Generator
) -> list[int]:
    """Positions of so many of the usable originals, the whole photographs first; None takes all."""
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


def spread(
    collection: Collection,
    originals: list[int],
    count: int,
    most: int,
    rng: Generator,
    kind: str = "with a match",
) -> list[int]:
    """Take originals photograph by photograph in turn, the whole photographs first.

    When all are taken it begins again, `most` times over: as often as there are transforms.
    Of a collection with strata they are taken by `_by_stratum`.
    """
    if count > len(originals) * most:
        raise DatasetError(
            f"{count:,} queries {kind} are asked for, but the {len(originals):,} originals for "
            f"them and {most} transforms make {len(originals) * most:,}; lower queries or "
            "no_match_share, or add pictures, tiles or transforms"
        )
    taken: list[int] = []
    strata = {collection.stratum(collection.originals[i].photo) for i in originals}
    while len(strata) > 1 and len(taken) < count:
        taken += _by_stratum(collection, originals, rng)
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


def _by_stratum(collection: Collection, originals: list[int], rng: Generator) -> list[int]:
    """All originals once: strata in turn, in each its scenes in turn, whole and tile in turn."""
    waiting: dict[str, dict[str, tuple[list[int], list[int]]]] = {}
    for place in rng.permutation(originals).tolist():
        one = collection.originals[place]
        scenes = waiting.setdefault(collection.stratum(one.photo), {})
        scenes.setdefault(one.group, ([], []))[one.box is not None].append(place)
    queues = []
    for stratum in sorted(waiting):
        queue, tile = [], False
        while scenes := {name: both for name, both in waiting[stratum].items() if any(both)}:
            for name in rng.permutation(sorted(scenes)).tolist():
                wanted, other = scenes[name][tile], scenes[name][not tile]
                queue.append((wanted or other).pop())
                tile = not tile
        queues.append(queue)
    return [one for turn in zip_longest(*queues) for one in turn if one is not None]
