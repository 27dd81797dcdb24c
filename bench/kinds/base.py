"""What a kind of run is. A kind is one folder and one line of `bench.kinds.registry`."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.evaluate.comparisons import Estimates
from bench.evaluate.settings import EvaluationSettings, System
from bench.index.variant import Variant
from bench.kinds.plan import RunPlan
from bench.kinds.sections import RunConfig
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing, write_evidence
from bench.runs.check import Check
from bench.runs.config_file import load_config
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset

C = TypeVar("C", bound=RunConfig)


@dataclass(frozen=True)
class Outcome:
    """What a run has measured.

    Parameters
    ----------
    dataset : mapping
        The pictures, as `bench.signing.sign.Signed.description` has them.
    tables : dict of str to DataFrame
        Every table by its name; each becomes a Parquet file and a line of the manifest.
    facts : mapping
        What the manifest of this kind says besides, JSON-ready.
    files : mapping of str to Any
        JSON files beside the tables, by their path in the run's folder.
    """

    dataset: Mapping[str, Any]
    tables: dict[str, pd.DataFrame]
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)


class Kind(ABC, Generic[C]):
    """A kind of run: how its config is read, planned, executed, shown and recomputed.

    The shell around a run (lock, resuming, engine, disk guard, manifest, clean-up) is
    `bench.kinds.run.execute_run`; a kind has none of it.

    Attributes
    ----------
    name : str
        The key ``kind`` of its configs, and of the manifests of its runs.
    config : type
        The pydantic model of its configs.
    tells : bool
        Whether a line is printed for every stage that is done, where there is no terminal.
    """

    name: ClassVar[str]
    config: type[C]
    tells: ClassVar[bool] = True

    def load(self, path: Path) -> C:
        """Read and check a config.

        Raises
        ------
        ExperimentError
            If it is not valid.
        """
        return load_config(path, self.config)

    def refuse_kept_engine(self, config: C) -> None:  # most kinds keep their indices
        """Raise `ExperimentError` where nothing would be left in an engine that is kept."""

    def refuse_cluster(self, config: C) -> None:  # most kinds measure on any engine
        """Raise `ExperimentError` where a run starts engines of its own, and ``ES_URL`` is set."""

    def variants(self, config: C) -> list[Variant]:
        """The variants that a config names; none where the kind has others than named ones."""
        return []

    def layouts(self, config: C) -> set[str]:
        """The layouts of the indices that a run builds: the engine must be able to hold them."""
        return {variant.layout for variant in self.variants(config)}

    @abstractmethod
    def dataset(self, config: C) -> Dataset:
        """Which pictures a config is about: a finished run holds for these as they were."""

    @abstractmethod
    def plan(self, config: C, history: History) -> RunPlan:
        """What a run will do and take, from what earlier ones took.

        Parameters
        ----------
        config : RunConfig
            Checked.
        history : History
            Of finished runs.

        Returns
        -------
        RunPlan
            Without ``where``, which the shell fills in.
        """

    @abstractmethod
    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """What a finished run tells later plans: sizes, and the units that each stage did."""

    @abstractmethod
    def execute(self, config: C, run: RunUnderWay) -> Outcome:
        """Measure everything; what an earlier start has done is taken up.

        Parameters
        ----------
        config : RunConfig
            Checked.
        run : RunUnderWay
            The run's folder, progress, stopwatch and engine.

        Returns
        -------
        Outcome

        Raises
        ------
        BenchError
            If anything cannot be measured. What was done stays in ``run.work``.
        """

    @abstractmethod
    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        """The figures of a run whose tables are written, by the name of their files."""

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        """The tables of ``report.html``, each with what a reader must know to read it."""
        return []

    def page(
        self, folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]
    ) -> None:
        """Write ``report.html`` from verdict, drawn figures and `listings`; or pages of its own."""
        write_evidence(
            folder,
            manifest,
            self.verdict(folder, manifest),
            self.figures(folder),
            svgs,
            self.listings(folder, manifest),
        )

    @abstractmethod
    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        """What a run says, in sentences."""

    def show(
        self, folder: RunFolder, manifest: Mapping[str, Any], console: Console
    ) -> dict[str, Any]:
        """Print what a run says; return it, JSON-ready."""
        sentences = self.verdict(folder, manifest)
        for sentence in sentences:
            console.print(f"• {sentence}", highlight=False)
        return {"sentences": sentences}

    def estimates(self, folder: RunFolder, settings: EvaluationSettings) -> dict[System, Estimates]:
        """What each ranking is worth over all queries, computed again with its resamples.

        `bench.diff` compares runs of the same queries by them, in pairs; most kinds tell none.
        """
        return {}

    @abstractmethod
    def recompute(
        self,
        config: C,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        """Compute from the raw rows whatever follows from them, and compare."""
