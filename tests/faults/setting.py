"""Where faults are injected, and how many."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    """What a group of faults works with.

    Parameters
    ----------
    folder : Path
        Empty, of this group alone; removed afterwards.
    kills : int
        Moments at which the bench is killed.
    files : int
        Picture files that are spoilt.
    seed : int
        Of all chance.
    advance : callable
        Called with what is being done, as often as there is news.
    """

    folder: Path
    kills: int = 50
    files: int = 2_400
    seed: int = 0
    advance: Callable[[str], object] = field(default=lambda news: None, repr=False)

    def within(self, name: str) -> "Setting":
        """The same in a folder of its own, made below this one."""
        folder = self.folder / name
        folder.mkdir(mode=0o711)
        return replace(self, folder=folder)
