"""What runs that have ended took: bytes by index, seconds by stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class MeasuredSize:
    """Bytes of an index that a run measured.

    Parameters
    ----------
    layout : str
        Its layout.
    N : int
        Its word count.
    bytes_per_document : float
        Merged, primaries.
    loaded : float
        Bytes before the final merge over bytes after it: copies kept for recovery are in them.
    documents : int
        How many it held.
    run : str
        Folder of the run.
    """

    layout: str
    N: int
    bytes_per_document: float
    loaded: float
    documents: int
    run: str


@dataclass(frozen=True)
class Past:
    """What one run that has ended tells of later ones.

    Parameters
    ----------
    sizes : mapping of str to MeasuredSize
        By the variant's key.
    words : mapping of (str, str) to float
        Bytes a document of words alone, by a sweep's scheme and layout.
    units : mapping of str to float
        Units that each stage did: documents, queries or indices, as the stage has them.
    """

    sizes: Mapping[str, MeasuredSize] = field(default_factory=dict)
    words: Mapping[tuple[str, str], float] = field(default_factory=dict)
    units: Mapping[str, float] = field(default_factory=dict)


@dataclass
class History:
    """Sizes and rates of finished runs.

    Parameters
    ----------
    sizes : dict of str to MeasuredSize
        By the variant's key; the run that was added last counts.
    words : dict of (str, str) to (float, str)
        Bytes a document of words alone by a sweep's scheme and layout, and the run.
    rates : dict of str to list of (float, str)
        Seconds a unit by kind and stage, with the run.
    originals : dict of str to int
        Documents there are in a collection, by its name.
    """

    sizes: dict[str, MeasuredSize] = field(default_factory=dict)
    words: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    rates: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    originals: dict[str, int] = field(default_factory=dict)

    def rate(self, stage: str) -> tuple[float, str] | None:
        """Median seconds a unit of a stage, and the runs it is of; None where none is known."""
        known = self.rates.get(stage)
        if not known:
            return None
        return median(seconds for seconds, _ in known), ", ".join(
            dict.fromkeys(run for _, run in known)
        )

    def add(self, kind: str, run: str, past: Past, seconds: Mapping[str, float]) -> None:
        """Add what a run tells."""
        self.sizes |= past.sizes
        self.words |= {key: (size, run) for key, size in past.words.items()}
        for stage, spent in seconds.items():
            if past.units.get(stage):
                key = stage.split(" ")[0]
                shared = key if key in ("sign", "start") else f"{kind} {key}"
                self.rates.setdefault(shared, []).append((spent / past.units[stage], run))
