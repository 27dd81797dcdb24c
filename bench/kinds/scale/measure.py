"""Measure a scale run: sign, draw synthetic documents, measure all sizes, fit, project."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.kinds.base import Outcome
from bench.kinds.scale.config import Scale, check_size
from bench.kinds.scale.quality import answer, answered_tables, sources_of
from bench.kinds.scale.searched import StageSearches
from bench.kinds.scale.sizes import SizedIndex, measure_all, plan_jobs
from bench.kinds.scale.tables import (
    bytes_check,
    fields_table,
    projections_table,
    reported_table,
    sizes_table,
)
from bench.kinds.scale.tail import tail_tables, unrelated_pairs
from bench.kinds.synthetic.documents import Documents
from bench.kinds.synthetic.likeness import refuse_unlike
from bench.kinds.synthetic.prepare import with_synthetic
from bench.kinds.under_way import RunUnderWay
from bench.search.exact.truth import find_truth
from bench.sizes.fit import fits_table


def measure_scale(scale: Scale, run: RunUnderWay) -> Outcome:
    """Measure every size of every variant; those that an earlier start has measured are kept."""
    signed = run.sign(scale.dataset, searches=scale.queries is not None)
    real = len(signed.database)
    drawing = check_size(scale.sizes, real) is not None
    if drawing:
        with run.watch.time("synthetic"):
            documents = with_synthetic(
                signed, scale.synthetic, scale.expand()[0].scheme, scale.sizes[-1], run.work
            )
    else:
        documents = Documents(signed.database, scale.sizes[-1])
    stages = plan_jobs(scale, real, run.work, run.owner)
    jobs = [job for stage in stages for job in stage]
    truth = replace(find_truth(signed), documents=scale.sizes[-1])
    searches = StageSearches(scale, signed, truth, run.work, run.watch)
    if searches.judged:
        with run.watch.time("answer"):
            answer(scale, signed, documents, run.work, run.bar("Answering", scale.sizes[-1]))

    def work(engine: Engine, guard: DiskGuard) -> None:
        # The largest come last, and are loaded beside what settles before them.
        left = [job for stage in stages[-2:] for job in stage if not job.state.is_measured]
        largest = [job.state.planned(job.documents) for job in left]
        guard.check_all(largest, together=largest)
        with run.watch.time("measure"):
            how: Any = {
                "loaded": run.bar("Indexing", sum(job.documents for job in jobs)),
                "measured": run.bar("Settling and measuring storage", len(jobs)),
                "keep": run.keep_engine,
            }
            if searches.units():
                how |= {"searching": searches}
                how |= {"searched": run.bar("Searching", searches.units())}
            # What the check compares comes first: the larger sizes take most of the time.
            checked = 1 + max(i for i, (job, *_) in enumerate(stages) if job.documents <= real)
            for part in (stages[:checked], stages[checked:]):
                measure_all(engine.client, part, documents, signed.paths, guard=guard, **how)
                _check_bytes(scale, [job for stage in part for job in stage], real)

    unfinished = not all(job.state.is_measured for job in jobs)
    unfinished |= not all(map(searches.is_done, scale.sizes))
    run.on_engine(work, unfinished=unfinished, keep=False)
    tables = _tables(scale, run.work, jobs, real)
    if scale.queries is not None:
        tables |= {"queries": signed.queries, **searches.tables()}
    if scale.quality is not None:
        with run.watch.time("evaluate"):
            tables |= answered_tables(scale, signed, truth, run.work)
    if scale.tail is not None:
        with run.watch.time("tail"):
            sources = len(sources_of(scale)) - 1
            advance = run.bar("Counting unrelated pairs", 2 * real * sources)
            pairs = unrelated_pairs(scale, scale.tail, signed, advance)
            tables |= {"unrelated_pairs": pairs, **tail_tables(scale.tail, pairs)}
    return Outcome(
        signed.description,
        tables,
        facts={"synthetic": max(scale.sizes[-1] - real, real) if drawing else 0},
    )


def _check_bytes(scale: Scale, jobs: list[SizedIndex], real: int) -> pd.DataFrame:
    """Indices of synthetic documents beside those of real ones; raises where they are unlike."""
    check = bytes_check(sizes_table(jobs, real), scale.synthetic.bytes_tolerance)
    refuse_unlike(check)
    return check


def _tables(scale: Scale, work: Path, jobs: list[SizedIndex], real: int) -> dict[str, pd.DataFrame]:
    sizes = sizes_table(jobs, real)
    fits, best = fits_table(sizes, scale.confidence)
    tables = {
        "sizes": sizes,
        "fits": fits,
        "projections": projections_table(best, scale),
        "reported": reported_table(best, scale),
        "fields": fields_table(jobs),
    }
    if (work / "synthetic_check.parquet").is_file():
        of_bytes = _check_bytes(scale, jobs, real)
        signatures = pd.read_parquet(work / "synthetic_check.parquet")
        tables["synthetic_check"] = pd.concat([signatures, of_bytes], ignore_index=True)
        for name in ("synthetic_positions", "synthetic_pairs"):
            tables[name] = pd.read_parquet(work / f"{name}.parquet")
    return tables
