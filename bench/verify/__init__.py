"""Whether a result still holds: its files, its counts, and what follows from its raw rows.

What was measured cannot be measured again from the files: sizes, times, hits. All that was computed
from it can be, and is: who is right, every measure and interval, fits and projections.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.kinds.experiment.config import Experiment
from bench.kinds.scale.config import Scale
from bench.kinds.speed.config import Speed
from bench.runs.folder import RunFolder
from bench.runs.manifest import read_manifest
from bench.verify.check import Check
from bench.verify.files import Config, check_config, check_figures, check_tables
from bench.verify.hits import check_counts, check_order, check_relations
from bench.verify.recompute import experiment_again, scale_again, speed_again, sweep_again
from bench.verify.sweep import check_confirmed, check_schemes

__all__ = ["Check", "verify_run"]


def verify_run(folder: RunFolder, progress: Progress | None = None) -> Iterator[Check]:
    """Check a finished run.

    Parameters
    ----------
    folder : RunFolder
        The run.
    progress : Progress, optional
        Where progress is shown.

    Yields
    ------
    Check
        The files first, then the raw rows; where these do not hold, nothing is computed from them.

    Raises
    ------
    RunError
        If the run is not finished, or its manifest is not one that this version reads.
    """
    manifest = read_manifest(folder)
    whole = check_tables(folder, manifest)
    yield whole
    yield check_figures(folder)
    text, config = check_config(manifest)
    yield text
    if not whole.holds or config is None:
        return
    tables = {name: folder.table(name) for name in manifest["tables"]}
    try:
        yield from _computed(config, tables, manifest, progress or Progress(disable=True))
    except Exception as error:  # rows that somebody wrote can break any computation
        found = f"{type(error).__name__}: {error}"
        yield Check("what follows from the raw rows can be computed", False, found)


def _computed(
    config: Config,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    progress: Progress,
) -> Iterator[Check]:
    if isinstance(config, Experiment):
        yield from _experiment(config, tables, manifest, progress)
    elif isinstance(config, Scale):
        yield from scale_again(config, tables)
    elif isinstance(config, Speed):
        yield from speed_again(config, tables)
    else:
        yield check_schemes(config, tables, manifest)
        yield check_confirmed(tables, manifest)
        yield from sweep_again(tables)


def _experiment(
    experiment: Experiment,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    progress: Progress,
) -> Iterator[Check]:
    variants = experiment.expand()
    raw = (
        check_counts(tables, manifest, [variant.index_name for variant in variants]),
        check_order(tables, variants, experiment.search.size),
        check_relations(tables, experiment.dataset.collection),
    )
    yield from raw
    if all(check.holds for check in raw):  # nothing follows from rows that are wrong themselves
        yield from experiment_again(experiment, tables, progress)
