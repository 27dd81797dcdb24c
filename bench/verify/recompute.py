"""Computes the tables of a run again from its raw rows."""

from collections.abc import Iterator, Mapping

import pandas as pd
from rich.progress import Progress

from bench.cost.indexing import summarize_indexing
from bench.cost.searching import summarize_searches
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.tables import evaluation_tables
from bench.kinds.scale.config import Scale
from bench.kinds.scale.tables import bytes_check, fits_table, projections_table, reported_table
from bench.kinds.speed.config import Speed
from bench.kinds.speed.ratios import summarize_goal
from bench.kinds.speed.stages import summarize_stages
from bench.kinds.sweep.pareto import pareto_table
from bench.verify.check import Check, same_table

Tables = Mapping[str, pd.DataFrame]


def experiment_again(experiment: Experiment, tables: Tables, progress: Progress) -> Iterator[Check]:
    """Evaluate the candidates again; sum up the samples of times again.

    Parameters
    ----------
    experiment : Experiment
        The config of the run.
    tables : mapping of str to DataFrame
        Its tables.
    progress : Progress
        Where progress is shown.

    Yields
    ------
    Check
        One a table.
    """
    variants = tables["variants"]
    again = evaluation_tables(
        experiment,
        experiment.expand(),
        dict(zip(variants["variant"], variants["ranks_as"], strict=True)),
        queries=tables["queries"],
        candidates=tables["candidates"],
        n_documents=int((tables["documents"]["doc"] >= 0).sum()),
        progress=progress,
    )
    if experiment.cost is not None:
        again["search_cost"] = summarize_searches(tables["search_samples"], experiment.cost)
        again["index_cost"] = summarize_indexing(tables["index_samples"], experiment.cost)
    for name, table in again.items():
        if name in tables:
            yield same_table(name, tables[name], table)
        else:
            yield Check(f"{name} follows from the raw rows", False, "the run has no such table")


def sweep_again(tables: Tables) -> Iterator[Check]:
    """Choose the front of a sweep again."""
    yield same_table("pareto", tables["pareto"], pareto_table(tables["sweep"]))


def speed_again(speed: Speed, tables: Tables) -> Iterator[Check]:
    """Sum up the times of a speed run again."""
    samples = tables["samples"]
    rows = [
        row
        for goal in speed.goals
        for row in summarize_goal(goal, samples[samples["goal"] == goal.title], speed)
    ]
    yield same_table("goals", tables["goals"], pd.DataFrame(rows))
    stages = summarize_stages(tables["signing"], tables["documents"])
    yield same_table("stages", tables["stages"], stages)


def scale_again(scale: Scale, tables: Tables) -> Iterator[Check]:
    """Fit the sizes of a scale run again, and project them again."""
    sizes = tables["sizes"]
    fits, best = fits_table(sizes, scale.confidence)
    yield same_table("fits", tables["fits"], fits)
    yield same_table("projections", tables["projections"], projections_table(best, scale))
    yield same_table("reported", tables["reported"], reported_table(best, scale))
    if "synthetic_check" in tables:
        of_bytes = bytes_check(sizes, scale.synthetic.bytes_tolerance)
        stored = tables["synthetic_check"].tail(len(of_bytes)).reset_index(drop=True)
        yield same_table("synthetic_check", stored, of_bytes)
