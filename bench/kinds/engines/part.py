"""What of a run is of one engine: which variants it can hold, and what has been done on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.engine.capabilities import TITLES, ask_capabilities
from bench.engine.catalog import Distribution
from bench.engine.client import Client
from bench.index.build import MARK
from bench.index.variant import Variant
from bench.kinds.variant_state import VariantState
from bench.runs.config_file import short_hash
from bench.runs.folder import read_json, write_json
from imgsig.layouts import get_layout

#: What is timed of each index beside the first engine, by the name of its file.
TIMED = ("searches", "batches")


@dataclass(frozen=True)
class EnginePart:
    """What has been done on one engine, as files below `place`.

    `run` is the key of the run, by which an index is known to be ours.
    """

    distribution: Distribution
    place: Path
    variants: Sequence[Variant]
    run: str

    @property
    def title(self) -> str:
        """Name and version."""
        return self.distribution.title

    @property
    def description(self) -> Any:
        """The engine's own word on what it is, see `bench.engine.Engine.describe`."""
        return read_json(self.place / "engine.json")

    @property
    def lacks(self) -> dict[str, str] | None:
        """What it lacks for each variant that it cannot hold; None until it was asked."""
        path = self.place / "lacks.json"
        return read_json(path) if path.is_file() else None

    def ask(self, client: Client) -> dict[str, str]:
        """Ask the engine which variants it can hold, unless that is known; what it lacks."""
        known = self.lacks
        if known is not None:
            return known
        needs = {one.index_name: get_layout(one.layout).needs for one in self.variants}
        wanted = frozenset[str]().union(*needs.values())
        probe = f"imgsig-bench-probe-{short_hash(self.run)}"
        told = ask_capabilities(client, probe, {MARK: {"run": self.run}}, wanted)
        missing = {name: told.missing(own) for name, own in needs.items()}
        lacks = {
            name: " and ".join(TITLES[one] for one in own) for name, own in missing.items() if own
        }
        write_json(self.place / "lacks.json", lacks)
        return lacks

    @property
    def states(self) -> list[VariantState]:
        """Of each variant that the engine can hold, what has been done."""
        return [
            VariantState(one, self.place / one.index_name, self.run)
            for one in self.variants
            if one.index_name not in (self.lacks or {})
        ]

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to measure on it alone."""
        return self.lacks is not None and all(state.is_finished for state in self.states)

    def timed_path(self, variant: Variant, what: str) -> Path:
        """Where the times of an index beside the first engine are; `what` is one of `TIMED`."""
        return self.place / variant.index_name / f"{what}.parquet"

    @property
    def is_timed(self) -> bool:
        """Whether every index has been timed beside the first engine."""
        return all(
            self.timed_path(state.variant, what).is_file()
            for state in self.states
            for what in TIMED
        )
