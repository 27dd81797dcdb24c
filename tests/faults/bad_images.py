"""Thousands of spoilt picture files through `imgsig.sign_many`: no crash, no hang, none lost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imgsig import CorruptImageError, generate_signature
from imgsig.sign_many import SignedFile, sign_many
from tests.faults.fault import Fault
from tests.faults.image_files import READ, lying_files, odd_files, seed_files
from tests.faults.mutations import MUTATIONS

#: Seconds and bytes a file may take.
SECONDS = 30.0
MEMORY = 2**30

#: What may become of a spoilt file. A worker that dies is survived, but it is a decoder's defect.
SURVIVED = frozenset({"ok", "corrupt", "not a picture", "out of memory"})


@dataclass(frozen=True)
class BadFile:
    """A file of the corpus.

    Parameters
    ----------
    name : str
        Its file name, unlike all others.
    kind : str
        What was done to it.
    data : bytes
        Its content.
    outcomes : frozenset of str
        What may become of it.
    """

    name: str
    kind: str
    data: bytes
    outcomes: frozenset[str] = SURVIVED


def fixed_files() -> Iterator[BadFile]:
    """Files that no chance has a part in.

    Yields
    ------
    BadFile
        A whole file of each format, the same under the name of another, and files of odd structure
        or with sizes that are not true.
    """
    seeds = seed_files()
    names = sorted(seeds)
    for place, name in enumerate(names):
        outcomes = frozenset({"ok" if name in READ else "not a picture"})
        wrong = names[place - 1].lower()
        yield BadFile(f"whole.{name.lower()}", "whole", seeds[name], outcomes)
        yield BadFile(f"whole {name.lower()}.{wrong}", "wrong name", seeds[name], outcomes)
    for name, data in lying_files().items():
        yield BadFile(f"60000.{name.lower()}", "false size", data, frozenset({"corrupt"}))
    for name, data in odd_files().items():
        yield BadFile(name, "odd structure", data)


def mutated_files(count: int, seed: int = 0) -> Iterator[BadFile]:
    """Make spoilt files, the same for the same seed."""
    seeds = seed_files()
    names = sorted(seeds)
    for number in range(count):
        chance = np.random.default_rng([seed, number])
        name = names[number % len(names)]
        other = names[int(chance.integers(len(names)))]
        mutate = MUTATIONS[number // len(names) % len(MUTATIONS)]
        kind = mutate.__name__
        data = mutate(seeds[name], seeds[other], chance)
        yield BadFile(f"{number:05} {kind}.{name.lower()}", kind, data)


def sign_corpus(
    files: Iterable[BadFile],
    folder: Path,
    *,
    workers: int | None = None,
) -> list[Fault]:
    """Write a corpus into a folder and sign it.

    Returns
    -------
    list of Fault
        One for each kind of file, and one for the whole: every file has one record, in order, with
        a reason or with the signature that the file has by itself.
    """
    wanted = []
    for file in files:
        (folder / file.name).write_bytes(file.data)
        wanted.append(file)
    paths = [folder / file.name for file in wanted]
    records = list(sign_many(paths, workers=workers, seconds=SECONDS, memory=MEMORY))
    listed = [record.path for record in records] == [str(path) for path in paths]
    whole = Fault(
        "images",
        f"{len(wanted):,} files",
        "one record each, in order",
        f"{len(records):,} records" + ("" if listed else ", not of these files in their order"),
        listed,
    )
    kinds: dict[str, list[tuple[BadFile, SignedFile]]] = {}
    for file, record in zip(wanted, records, strict=False):
        kinds.setdefault(file.kind, []).append((file, record))
    return [whole, *(_fault(kind, pairs) for kind, pairs in kinds.items())]


def _fault(kind: str, pairs: list[tuple[BadFile, SignedFile]]) -> Fault:
    counts = Counter(record.outcome for _, record in pairs)
    wrong = [
        f"{file.name}: {record.outcome} {record.reason}".strip()
        for file, record in pairs
        if record.outcome not in file.outcomes or not _is_right(file, record)
    ]
    happened = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.most_common())
    return Fault(
        "images",
        f"{len(pairs):,} files: {kind}",
        " or ".join(sorted(set[str]().union(*(file.outcomes for file, _ in pairs)))),
        "; ".join([happened, *wrong[:5]]),
        not wrong,
    )


def _is_right(file: BadFile, record: SignedFile) -> bool:
    """Whether there is a reason, or the signature of a whole file is its own."""
    if record.signature is None:
        return bool(record.reason)
    if file.kind not in ("whole", "wrong name"):
        return True
    try:
        return bool(np.array_equal(record.signature, generate_signature(file.data)))
    except CorruptImageError:
        return False
