"""Measure an experiment: sign, build, settle, search, evaluate."""

import pandas as pd

from bench.cost.measure import has_cost_tables, measure_cost, read_cost_tables, write_cost_tables
from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.kinds.base import Outcome
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.stages import run_stages
from bench.kinds.experiment.tables import run_tables
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import VariantState, drop
from bench.kinds.variant_tables import stored_storage, verified_hits
from bench.report.gallery import gallery_table, write_thumbnails
from bench.signing.sign import Signed
from datasets import DatasetError


def measure_experiment(experiment: Experiment, run: RunUnderWay) -> Outcome:
    """Measure all variants; indices that an earlier start has measured are not built again."""
    signed = run.sign(experiment.dataset, experiment.signature, searches=True)
    states = [
        VariantState(variant, run.work / variant.index_name, run.owner)
        for variant in experiment.expand()
    ]
    cost_path = run.work / "cost"
    timed: set[str] = set()  # whose searches are still to be timed
    if experiment.cost is not None and not has_cost_tables(cost_path):
        timed |= set(experiment.cost.variants or (state.variant.index_name for state in states))
    keep = experiment.index.keep

    def work(engine: Engine, guard: DiskGuard) -> None:
        run_stages(engine, experiment, states, signed, run.progress, run.watch, guard, timed)
        if experiment.cost is not None:
            with run.watch.time("cost"):
                _measure_cost(engine, experiment, states, signed, run)
        for state in () if keep else states:
            drop(engine.client, state)

    run.on_engine(
        work,
        unfinished=bool(timed)
        or any(not s.is_finished or (s.has_index and not keep) for s in states),
        keep=keep,
        shards=experiment.index.shards,
        replicas=experiment.index.replicas,
    )
    with run.watch.time("evaluate"):
        tables = run_tables(experiment, states, signed, run.progress)
    if experiment.cost is not None:
        tables |= read_cost_tables(cost_path)
    with run.watch.time("gallery"):
        tables["gallery"] = gallery_table(tables, [state.variant for state in states], signed)
        _write_thumbnails(experiment, tables["gallery"], signed, run)
    return Outcome(
        signed.description,
        tables,
        facts={"verified_hits": sum(verified_hits(state) for state in states)},
        files={f"indices/{state.variant.index_name}.json": _settled(state) for state in states},
    )


def _settled(state: VariantState) -> dict[str, object]:
    storage = stored_storage(state)
    return {
        "lease_wait_seconds": storage.lease_wait_seconds,
        "merge_seconds": storage.merge_seconds,
        "mappings": storage.mappings,
        "settings": storage.settings,
    }


def _write_thumbnails(
    experiment: Experiment, gallery: pd.DataFrame, signed: Signed, run: RunUnderWay
) -> None:
    try:
        write_thumbnails(gallery, signed, experiment.dataset, run.folder.path)
    except (DatasetError, OSError) as error:  # no figure depends on them
        said = f"The gallery is without photographs: {error}"
        run.progress.console.print(said, highlight=False, markup=False, soft_wrap=True)


def _measure_cost(
    engine: Engine,
    experiment: Experiment,
    states: list[VariantState],
    signed: Signed,
    run: RunUnderWay,
) -> None:
    if experiment.cost is None:
        return
    folder = run.work / "cost"
    by_name = {state.variant.index_name: state.variant for state in states}
    measured = measure_cost(
        engine.client,
        [by_name[name] for name in experiment.cost.variants or by_name],
        signed,
        experiment.cost,
        run.progress,
        run=run.owner,
        folder=folder,
        size=experiment.search.size,
    )
    write_cost_tables(folder, measured)
