"""The stages of all indices of an experiment: as many at a time as the disk takes.

Where indices stay, all are built, then all settled, then all searched: the leases of all run out in
the same wait of up to 30 seconds. Where they do not stay, that is done a group at a time, and each
is dropped when nothing is left that needs it. A group of one would wait those 30 seconds for every
index, so a group is as many as half the usable disk takes.
"""

from collections.abc import Collection, Sequence
from functools import partial

from rich.progress import Progress

from bench.disk.guard import DiskGuard, Planned
from bench.engine import Engine
from bench.kinds.experiment.config import Experiment
from bench.kinds.variant_state import VariantState, build, drop, measure, search
from bench.runs.folder import Stopwatch
from bench.signing.sign import Signed

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
    keep, documents = experiment.index.keep, len(signed.database)
    for state in states:
        if (storage := state.storage) is not None:
            guard.learn(state.variant, storage)
        if state.is_finished and not keep and state.variant.index_name not in together:
            drop(engine.client, state)
    waiting = [state for state in states if not state.is_finished]
    if not keep:  # what stays longer is built last
        waiting.sort(key=lambda state: state.variant.index_name in together)
    plans = [Planned(state.variant, documents) for state in waiting]
    new = [one for one, state in zip(plans, waiting, strict=True) if not state.has_index]
    guard.check_all(new, [one for one in new if one.variant.index_name in together])
    settling = progress.add_task("Settling and measuring storage", total=len(waiting))
    many = len(waiting) > MANY
    n_queries = int((signed.queries["status"] == "ok").sum())
    done = 0
    for size in guard.groups(plans):
        group, planned = waiting[done : done + size], plans[done : done + size]
        done += size
        for number, state in enumerate(group):
            index = state.variant.index_name
            if not state.has_index:
                guard.check(planned[number], planned[:number])
            bar = progress.add_task(f"Indexing {index}", total=documents)
            with watch.time(f"index {index}"):
                build(
                    engine.client,
                    state,
                    signed,
                    partial(progress.advance, bar),
                    shards=experiment.index.shards,
                    replicas=experiment.index.replicas,
                )
            progress.update(bar, visible=not many)
        for state in group:
            with watch.time(f"settle {state.variant.index_name}"):
                storage = measure(engine.client, state, signed)
            guard.learn(state.variant, storage)
            progress.advance(settling)
        for state in group:
            index = state.variant.index_name
            bar = progress.add_task(f"Searching {index}", total=n_queries)
            with watch.time(f"search {index}"):
                search(
                    engine.client,
                    state,
                    signed,
                    experiment.search.size,
                    partial(progress.advance, bar),
                    shards=experiment.index.shards,
                )
            progress.update(bar, visible=not many)
            if not keep and index not in together:
                drop(engine.client, state)
