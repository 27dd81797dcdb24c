"""Measure an experiment: sign, build, settle, search, evaluate."""

from collections.abc import Collection, Sequence
from functools import partial

import pandas as pd
from rich.progress import Progress
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.cost.measure import has_cost_tables, measure_cost, read_cost_tables, write_cost_tables
from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.kinds.base import Outcome
from bench.kinds.experiment.config import DROP, SPREAD, Experiment
from bench.kinds.experiment.tables import run_tables
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import VariantState, build, drop, measure, search
from bench.report.gallery import gallery_table, write_thumbnails
from bench.runs.folder import Stopwatch
from bench.signing.sign import Signed
from datasets import DatasetError


def measure_experiment(experiment: Experiment, run: RunUnderWay) -> Outcome:
    """Measure all variants; indices that an earlier start has measured are not built again."""
    signed = run.sign(experiment.dataset, experiment.signature, searches=True)
    states = [
        VariantState(variant, run.work / variant.index_name, run.owner)
        for variant in experiment.expand()
    ]
    by_name = {state.variant.index_name: state.variant for state in states}
    cost_path = run.work / "cost"
    timed: set[str] = set()  # whose searches are still to be timed
    if experiment.cost is not None and not has_cost_tables(cost_path):
        timed |= set(experiment.cost.variants or by_name)
    keep = experiment.index.keep

    def work(engine: Engine, guard: DiskGuard) -> None:
        # Threads of BLAS wait for each other as long as the engine has the other core.
        with threadpool_limits(1):
            run_stages(engine, experiment, states, signed, run.progress, run.watch, guard, timed)
        if experiment.cost is not None:
            with run.watch.time("cost"):
                measured = measure_cost(
                    engine.client,
                    [by_name[name] for name in experiment.cost.variants or by_name],
                    signed,
                    experiment.cost,
                    run.progress,
                    run=run.owner,
                    folder=cost_path,
                    size=experiment.search.size,
                )
                write_cost_tables(cost_path, measured)
        for state in () if keep else states:
            drop(engine.client, state)

    run.on_engine(
        work,
        unfinished=bool(timed)
        or any(not s.is_finished or (s.has_index and not keep) for s in states),
        keep=keep,
        shards=experiment.index.shards,
        replicas=experiment.index.replicas,
        drop=DROP,
        spread=SPREAD,
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
        facts={"verified_hits": sum(state.verification.hits for state in states)},
        files={f"indices/{state.variant.index_name}.json": _settled(state) for state in states},
    )


def _settled(state: VariantState) -> dict[str, object]:
    stored = vars(state.storage)
    told = ("lease_wait_seconds", "merge_seconds", "mappings", "settings")
    return {name: stored[name] for name in told}


def _write_thumbnails(
    experiment: Experiment, gallery: pd.DataFrame, signed: Signed, run: RunUnderWay
) -> None:
    try:
        write_thumbnails(gallery, signed, experiment.dataset, run.folder.path)
    except (DatasetError, OSError) as error:  # no figure depends on them
        said = f"The gallery is without photographs: {error}"
        run.progress.console.print(said, highlight=False, markup=False, soft_wrap=True)


#: With more indices than these, bars that are full are hidden: a screen has no room for them.
MANY = 12


def run_stages(
    engine: Engine,
    experiment: Experiment,
    states: Sequence[VariantState],
    signed: Signed,
    progress: Progress,
    watch: Stopwatch,
    guard: DiskGuard,
    together: Collection[str] = (),
) -> None:
    """Build, settle, measure and search whatever is not done yet."""
    client, size, documents = engine.client, experiment.search.size, len(signed.database)
    over, keep = experiment.index, experiment.index.keep
    for state in states:
        if state.is_measured:
            guard.learn(state.variant, state.storage)
        if state.is_finished and not keep and state.variant.index_name not in together:
            drop(client, state)
    # An index whose searches are still to be timed may have gone since it was searched.
    waiting = [s for s in states if not s.is_finished or s.variant.index_name in together]
    if not keep:  # what stays longer is built last
        waiting.sort(key=lambda state: state.variant.index_name in together)
    plans = [state.planned(documents) for state in waiting]
    new = [one for one, state in zip(plans, waiting, strict=True) if not state.has_index]
    guard.check_all(new, [one for one in new if one.variant.index_name in together])
    settling = progress.add_task("Settling and measuring storage", total=len(waiting))
    many = len(waiting) > MANY
    n_queries = int((signed.queries["status"] == "ok").sum())
    done = 0
    for count in guard.groups(plans):
        group, planned = waiting[done : done + count], plans[done : done + count]
        done += count
        for number, state in enumerate(group):
            index = state.variant.index_name
            if not state.has_index:
                guard.check(planned[number], planned[:number])
            bar = progress.add_task(f"Indexing {index}", total=documents)
            with watch.time(f"index {index}"):
                advance = partial(progress.advance, bar)
                build(client, state, signed, advance, shards=over.shards, replicas=over.replicas)
            progress.update(bar, visible=not many)
        for state in group:  # leases of the later ones run out while the first are searched
            with watch.time(f"settle {state.variant.index_name}"):
                storage = measure(client, state, signed)
            guard.learn(state.variant, storage)
            progress.advance(settling)
            index = state.variant.index_name
            bar = progress.add_task(f"Searching {index}", total=n_queries)
            with watch.time(f"search {index}"):
                advance = partial(progress.advance, bar)
                search(client, state, signed, size, advance, shards=over.shards)
            progress.update(bar, visible=not many)
            if not keep and index not in together:
                drop(client, state)
