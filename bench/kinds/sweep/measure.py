"""Measure a sweep: sign, simulate all, confirm a sample live, model sizes."""

from bench.disk.guard import DiskGuard, Planned
from bench.engine import Engine
from bench.index.variant import scheme_variant
from bench.kinds.base import Outcome
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.confirm import LiveScheme
from bench.kinds.sweep.grid import SchemeGrid, expand
from bench.kinds.sweep.quality import evaluation_settings
from bench.kinds.sweep.sample import choose_sample
from bench.kinds.sweep.simulate import read_simulated, simulate_all
from bench.kinds.sweep.tables import make_tables
from bench.kinds.sweep.word_tables import word_tables
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import build, drop, measure
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import signed_rows
from bench.signing.sign import Signed


def measure_sweep(sweep: Sweep, run: RunUnderWay) -> Outcome:
    """Simulate all schemes and confirm a sample."""
    grid = expand(sweep)
    signed = run.sign(sweep.dataset, searches=True)
    with run.watch.time("simulate"):
        simulate_all(
            grid.schemes, sweep, run.work, run.bar("Simulating schemes", len(grid.schemes))
        )
    with run.watch.time("words"):
        words = word_tables(signed, grid.reference, evaluation_settings(sweep))
    live = _live_schemes(sweep, grid, run)

    def work(engine: Engine, guard: DiskGuard) -> None:
        _confirm(engine, sweep, live, signed, run, guard)

    run.on_engine(work, unfinished=not all(one.is_finished for one in live), keep=sweep.live.keep)
    tables, size_models = make_tables(
        sweep, grid, read_simulated(grid.schemes, run.work), [one.row() for one in live]
    )
    tables |= words
    facts = {
        "schemes": len(grid.schemes),
        "left_out": len(grid.left_out),
        "verified_hits": int(tables["confirmed"]["hits"].sum()),
        "size_models": size_models,
    }
    return Outcome(signed.description, tables, facts)


def _live_schemes(sweep: Sweep, grid: SchemeGrid, run: RunUnderWay) -> list[LiveScheme]:
    """The samples, and the reference with a signature where distance ranks."""
    variants = [
        (name, scheme_variant(grid.schemes[name], sample.layout))
        for sample in sweep.live.samples
        for name in choose_sample(grid.schemes, grid.required, sample.schemes)
    ]
    if "distance" in sweep.rankings:
        codec = sweep.live.signature.model_dump()
        layout = sweep.live.samples[0].layout
        variants.append((grid.required[0], scheme_variant(grid.reference, layout, codec)))
    return [LiveScheme.of(name, one, run.work, run.owner) for name, one in variants]


def _confirm(
    engine: Engine,
    sweep: Sweep,
    live: list[LiveScheme],
    signed: Signed,
    run: RunUnderWay,
    guard: DiskGuard,
) -> None:
    """Build, settle and confirm as many at a time as the disk takes, see `experiment.stages`."""
    client, documents = engine.client, len(signed.database)
    for one in live:
        if (storage := one.state.storage) is not None:
            guard.learn(one.state.variant, storage)
        if one.is_finished and not sweep.live.keep:
            drop(client, one.state)
    waiting = [one for one in live if not one.is_finished]
    plans = [Planned(one.state.variant, documents) for one in waiting]
    guard.check_all([p for p, one in zip(plans, waiting, strict=True) if not one.state.has_index])
    rows = signed_rows(signed)
    simulator = Simulator(signed.database, signed.query_signatures[rows])
    indexing = run.bar("Indexing a sample", len(waiting) * documents)
    settling = run.bar("Settling and measuring storage", len(waiting))
    confirming = run.bar("Confirming every hit", len(waiting) * len(rows))
    done = 0
    for size in guard.groups(plans):
        group, planned = waiting[done : done + size], plans[done : done + size]
        done += size
        with run.watch.time("index"):
            for number, one in enumerate(group):
                if not one.state.has_index:
                    guard.check(planned[number], planned[:number])
                build(client, one.state, signed, indexing)
        with run.watch.time("settle"):
            for one in group:
                guard.learn(one.state.variant, measure(client, one.state, signed))
                settling(1)
        with run.watch.time("confirm"):
            for one in group:
                one.confirm(
                    client,
                    signed,
                    simulator,
                    sweep.search.size,
                    confirming,
                )
        for one in () if sweep.live.keep else group:
            drop(client, one.state)
