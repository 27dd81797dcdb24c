"""Keeps a run from filling the disk: what its next indices need, and whether there is room.

What they need is expected from runs that have ended, put right by what this run has measured of its
own indices so far.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rich.console import Console

from bench.disk.history import (
    ExpectedSize,
    History,
    MeasuredSize,
    Sizes,
    expected_size,
    source_bytes,
)
from bench.disk.room import Room, engine_room
from bench.engine import Engine
from bench.index.build import FLUSHED
from bench.index.storage import Storage
from bench.index.variant import Variant
from bench.runs.config_file import canonical_json
from bench.runs.errors import DiskSpaceError

#: Indices that are built before the first of them settle, where they are not kept: they wait for
#: their leases together. More would make that wait no shorter.
GROUP = 32
#: Share of the usable room that such a group may take.
GROUP_SHARE = 0.5
_REMEDY = (
    "Free some, name another disk with --results, lower the number of documents"
    "{or_drop}, or lower engine.disk_floor; what was done stays, and the same command goes on "
    "from there"
)
_REMEDY_ELSEWHERE = (
    "Make room on the cluster{or_drop}{or_spread}, or lower the number of documents; what was "
    "done stays, and the same command goes on from there"
)


class Planned(NamedTuple):
    """An index that will be built, and how many of its documents are there already."""

    variant: Variant
    documents: int
    there: int = 0


@dataclass
class DiskGuard:
    """Compares what indices need with the room there is.

    Room is None where nobody can know. Copies of each document are one, and the replicas. Where
    indices are not kept, each is dropped once it is measured. `drop` and `spread` are what a config
    says to have them dropped, and to spread one over more nodes; empty where it cannot.
    """

    room: Callable[[], Room | None]
    history: History
    copies: int = 1
    keep: bool = True
    drop: str = ""
    spread: str = ""
    notice: Callable[[str], object] = lambda sentence: None
    _own: Sizes = field(default_factory=dict)
    _ratios: list[float] = field(default_factory=list)

    def learn(self, variant: Variant, storage: Storage) -> None:
        """Take an index that was measured into account."""
        documents = storage.size.documents
        if (variant.key, documents) in self._own:
            return
        known = expected_size(variant, self.history, documents)
        measured = storage.size.bytes_per_document
        if not known.bound:
            self._ratios.append(measured / known.bytes_per_document)
        own = MeasuredSize(
            layout=variant.layout,
            N=variant.N,
            k=variant.k,
            codec=canonical_json(dict(variant.codec)),
            bytes_per_document=measured,
            loaded=max(1.0, storage.loaded.store_bytes / storage.size.store_bytes),
            documents=documents,
            run="this run",
        )
        self._own = {**self._own, (variant.key, documents): own}

    def expected(self, planned: Planned) -> ExpectedSize:
        """Expected size of an index, by what is known by now."""
        variant, documents = planned.variant, planned.documents
        of_own = expected_size(variant, History(sizes=self._own), documents)
        if any(key == variant.key for key, _ in self._own):
            return of_own
        known = expected_size(variant, self.history, documents)
        if known.bound:
            alike = any(one.bounds(variant) for one in self._own.values())
            return of_own if alike else known
        if not self._ratios:
            return known
        size = known.bytes_per_document * median(self._ratios)
        return ExpectedSize(size, known.loaded, f"{known.source}, times this run's ratio")

    def needed(self, indices: Sequence[Planned]) -> float:
        """Bytes that indices take at most while all of them are built and then settled in turn.

        All before their final merge, copies for recovery included; and the largest of what is there
        for a while: an index once more while it is merged, or the transaction log of one that is
        being loaded, which ends at each flush.
        """
        total, passing = 0.0, 0.0
        for planned in indices:
            expected = self.expected(planned)
            missing = planned.documents - planned.there
            total += missing * expected.bytes_per_document * max(1.0, expected.loaded)
            passing = max(passing, self._passing(planned))
        return (total + passing) * self.copies

    def check_all(self, indices: Sequence[Planned], together: Sequence[Planned] = ()) -> None:
        """Check before the first index whether all will fit.

        Where indices do not stay, that is the largest. On a cluster each must fit on the nodes of
        its shards besides. Where a size is known only to lie below a bound, what does not fit is a
        notice: it is checked again before each index.
        """
        if not indices:
            return
        whole = self.room()
        if whole is None:
            self.notice(
                "The cluster does not say how much disk is free (that takes the privilege "
                "'monitor'), so nothing can stop this run before it is full"
            )
            return
        groups = [indices if self.keep else together, *([one] for one in indices)]
        rooms = [(whole.for_one or whole) if len(group) == 1 else whole for group in groups]
        worst, room = max(
            zip(groups, rooms, strict=True), key=lambda one: self.needed(one[0]) - one[1].usable
        )
        needed = self.needed(worst)
        if needed <= room.usable:
            return
        text = _said(
            f"{len(worst)} indices need" if len(worst) > 1 else "an index needs", needed, room
        )
        if any(self.expected(one).bound for one in worst):
            self.notice(f"{text}. That is an upper bound; it is checked again before each index")
            return
        raise DiskSpaceError(f"{text}. {self._remedy(room, room is whole.for_one)}")

    def check(self, planned: Planned, unmerged: Sequence[Planned] = ()) -> None:
        """Check before an index is built whether there is room for it."""
        whole = self.room()
        if whole is None:
            return
        room = whole.for_one or whole
        merges = [one.documents * self.expected(one).bytes_per_document for one in unmerged]
        needed = self.needed([planned]) + self.copies * max(
            0.0, max(merges, default=0.0) - self._passing(planned)
        )
        if needed > room.usable:
            text = _said(f"the index {planned.variant.index_name!r} needs", needed, room)
            raise DiskSpaceError(f"{text}. {self._remedy(room, room is whole.for_one)}")

    def _passing(self, planned: Planned) -> float:
        merged = planned.documents * self.expected(planned).bytes_per_document
        unflushed = min(planned.documents / 2, FLUSHED)
        return max(merged, unflushed * source_bytes(planned.variant))

    def groups(self, indices: Sequence[Planned]) -> Iterator[int]:
        """How many of the next indices are built together.

        All of them where indices stay; otherwise as many as half the room takes, at most `GROUP`
        and at least one. The room is looked at again before each group.
        """
        begin = 0
        while begin < len(indices):
            size = len(indices) - begin if self.keep else self._group(indices[begin:])
            yield size
            begin += size

    def _group(self, indices: Sequence[Planned]) -> int:
        room = self.room()
        size = 1
        for size in range(1, min(GROUP, len(indices)) + 1):
            together = self.needed(indices[: size + 1])
            if room is not None and together > GROUP_SHARE * room.usable:
                break
        return size

    def _remedy(self, room: Room, for_one: bool) -> str:
        # More shards make room for an index that is too large for its nodes, and for nothing else.
        remedy = _REMEDY_ELSEWHERE if room.is_elsewhere else _REMEDY
        drop, spread = self.drop if self.keep else "", self.spread if for_one else ""
        return remedy.format(
            or_drop=f", drop each index once it is measured ({drop})" if drop else "",
            or_spread=f", spread each index over more nodes ({spread})" if spread else "",
        )


def _said(what: str, needed: float, room: Room) -> str:
    return (
        f"{room.where} has {_size(room.free)} free and {what} up to {_size(needed)}, while "
        f"{_size(room.floor)} must stay free"
    )


def _size(count: float) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


def run_guard(
    engine: Engine,
    engine_folder: Path,
    history: History,
    console: Console,
    *,
    nodes: int = 1,
    floor: str | None = None,
    copies: int = 1,
    shards: int = 1,
    keep: bool = True,
    drop: str = "",
    spread: str = "",
) -> DiskGuard:
    """What keeps a run from filling the disk."""

    def notice(sentence: str) -> None:
        console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    return DiskGuard(
        room=partial(engine_room, engine, engine_folder, nodes, floor, shards * copies),
        history=history,
        copies=copies,
        keep=keep,
        drop=drop,
        spread=spread,
        notice=notice,
    )
