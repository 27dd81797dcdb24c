"""Measure a remedy run: sign, search without an engine and on one, time, compare."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.evaluate.judge import check_halves
from bench.kinds.base import Outcome
from bench.kinds.beside import Body, asked_rows
from bench.kinds.live import LiveIndex, confirm_all, time_in_turn
from bench.kinds.remedies.config import Remedies
from bench.kinds.remedies.lists import Tried, folded, found, grouped, tried
from bench.kinds.remedies.signing import Made, Stored, signing_samples
from bench.kinds.remedies.tables import remedy_tables, search_table, signing_table
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import VariantState
from bench.runs.folder import write_parquet
from bench.search.exact.answers import hits_table
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import find_truth, signed_rows
from bench.search.search import search_body
from bench.search.verification import HIT
from bench.signing.sign import Signed
from imgsig.index import ORIENTATIONS


def measure_remedies(config: Remedies, run: RunUnderWay) -> Outcome:
    """Sign what remedies make, confirm every list on an engine, time searches in turn, compare."""
    every = tried(config)
    signed = run.sign(config.dataset, searches=True)
    check_halves(signed.queries)
    edits = {edit.id: edit for one in every for edit in one.stored}
    with run.watch.time("make"):
        made = Made(config.dataset, signed, edits)
        made.sign(run.bar("Signing pieces and orientations", len(made.jobs)))
    samples = run.work / "signing_samples.parquet"
    if not samples.is_file():
        with run.watch.time("clock"):
            write_parquet(samples, _clock(config, every, made, run))
    rows = signed_rows(signed)
    numbers = signed.queries["query"].to_numpy()[rows]
    truth = find_truth(signed)
    hits: dict[str, pd.DataFrame] = {}
    live: list[LiveIndex] = []
    with run.watch.time("list"):
        searching = run.bar("Searching without an engine", len(every))
        for own in grouped(every, "index"):
            stored = made.stored(own[0].stored)
            lists = _lists(own, stored, made, rows, config.search.size)
            for one in own:
                asked = [lists[orientation] for orientation in one.remedy.orientations]
                hits[one.source] = folded(asked, stored.picture, rows, truth, config.search.size)
                searching(1)
            live.append(_live(own[0], stored, made, lists, numbers, rows, run))
    times = run.work / "searches.parquet"
    asked_for = [int(rows[at]) for at in asked_rows(len(rows), config.timed.searches)]
    bodies = {one.source: partial(_body, one, made, config.search.size) for one in every}

    def work(engine: Engine, guard: DiskGuard) -> None:
        confirm_all(engine.client, live, config.search.size, run, guard)
        time_in_turn(engine.client, bodies, asked_for, times, run)

    unfinished = not (all(one.is_finished for one in live) and times.is_file())
    run.on_engine(work, unfinished=unfinished)
    with run.watch.time("evaluate"):
        tables = remedy_tables(config, signed.queries, hits)
    tables |= {
        "remedies": pd.DataFrame([one.row() for one in every]),
        "indices": pd.DataFrame([_row(one, signed) for one in live]),
        "signing_samples": pd.read_parquet(samples),
        "searches": pd.read_parquet(times),
        "queries": signed.queries,
        "hits": hits_table(hits),
    }
    tables["signing_times"] = signing_table(tables["signing_samples"])
    tables["search_times"] = search_table(config, tables["searches"])
    verified = int(tables["indices"]["verified_hits"].sum())
    return Outcome(signed.description, tables, facts={"verified_hits": verified})


def _clock(config: Remedies, every: Sequence[Tried], made: Made, run: RunUnderWay) -> pd.DataFrame:
    """Samples of signing what is stored, and what is asked, each list of edits once."""
    lists = {one.index: one.stored for one in every if one.of == every[0].of}
    lists |= {
        f"{len(one.remedy.orientations)} asked": one.turned
        for one in every
        if one.remedy.asked == "all"
    }
    whole = [job.photo for job in made.jobs if job.documents]
    places = np.linspace(0, len(whole), min(config.timed.pictures, len(whole)), endpoint=False)
    photos = [whole[place] for place in places.astype(int)]
    return signing_samples(made.pictures, photos, lists, run.bar("Timing signing", len(photos) + 1))


def _lists(
    own: Sequence[Tried], stored: Stored, made: Made, rows: NDArray[np.int64], size: int
) -> dict[str, pd.DataFrame]:
    """Answers of one index by the orientation of the query, each that is asked for it."""
    asked = {orientation for one in own for orientation in one.remedy.orientations}
    return {
        orientation: found(
            own[0].variant, Simulator(stored.database, made.asked(orientation)[rows]), size
        )
        for orientation in ORIENTATIONS
        if orientation in asked
    }


def _live(
    one: Tried,
    stored: Stored,
    made: Made,
    lists: Mapping[str, pd.DataFrame],
    numbers: NDArray[np.int64],
    rows: NDArray[np.int64],
    run: RunUnderWay,
) -> LiveIndex:
    """The index, with all of its searches: numbers of queries, and so many more a turn."""
    beyond = int(numbers.max()) + 1
    expected = [
        own.assign(query=numbers[own["place"]] + turn * beyond)[HIT]
        for turn, own in enumerate(lists.values())
    ]
    return LiveIndex(
        VariantState(one.variant, run.work / "live" / one.index, run.owner),
        stored,
        np.concatenate([numbers + turn * beyond for turn in range(len(lists))]),
        np.concatenate([made.asked(orientation)[rows] for orientation in lists]),
        pd.concat(expected, ignore_index=True),
    )


def _body(one: Tried, made: Made, size: int, row: int) -> Body:
    """What is sent for the query of a row."""
    bodies = [
        search_body(one.variant, made.asked(orientation)[row], size=size, fetch=("path",))
        for orientation in one.remedy.orientations
    ]
    return bodies if len(bodies) > 1 else bodies[0]


def _row(one: LiveIndex, signed: Signed) -> dict[str, Any]:
    """A row of the table ``indices``."""
    sizes, pictures = one.sizes(), len(signed.database)
    per_picture = sizes["store_bytes"] / pictures
    return {**sizes, "pictures": pictures, "bytes_per_picture": per_picture}
