"""From queries and candidates to tables of measures, curves and comparisons."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, starmap

import numpy as np
import pandas as pd
from rich.progress import Progress

from bench.evaluate.agreement import agreement
from bench.evaluate.arrays import Weights
from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.claims import check_claims, unmatched_scores
from bench.evaluate.comparisons import Estimates, PairedComparisons, default_pairs
from bench.evaluate.growth import collection_sizes, growth, last_scores
from bench.evaluate.held_out import Halves, split_resamples
from bench.evaluate.hits import Hits, available_columns, select_hits
from bench.evaluate.hybrid import hybrid_table
from bench.evaluate.inputs import ALL, Queries, check_candidates, check_queries, read_queries
from bench.evaluate.outputs import TABLES, make_table
from bench.evaluate.parts import RANKINGS as PARTED
from bench.evaluate.parts import gap_rows, measure_parts, part_rows
from bench.evaluate.rankings import DISTANCE, HYBRID, RANKINGS
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings, System
from bench.evaluate.system import measure_system
from bench.evaluate.wrong_pairs import wrong_pairs
from datasets.parallel import in_parallel

#: Hits times resamples from which on each variant is measured in a process of its own, which takes
#: seconds to start.
WORTH_A_PROCESS = 10**8


@dataclass(frozen=True)
class EvaluationTables:
    """The tables of an evaluation; columns, dtypes and order in `bench.evaluate.outputs`."""

    metrics: pd.DataFrame
    by_part: pd.DataFrame
    gaps: pd.DataFrame
    top: pd.DataFrame
    per_query: pd.DataFrame
    curves: pd.DataFrame
    comparisons: pd.DataFrame
    hybrid: pd.DataFrame
    cutoffs: pd.DataFrame
    losses: pd.DataFrame
    agreement: pd.DataFrame
    growth: pd.DataFrame
    wrong_pairs: pd.DataFrame
    claims: pd.DataFrame
    unmatched_scores: pd.DataFrame


def evaluate(
    queries: pd.DataFrame,
    candidates: pd.DataFrame,
    word_counts: Mapping[str, int],
    settings: EvaluationSettings | None = None,
    progress: Progress | None = None,
    *,
    n_documents: int | None = None,
    claims_of: Collection[str] = (),
    cut: pd.DataFrame | None = None,
) -> EvaluationTables:
    """Evaluate what an engine returned.

    Of a query: ``query`` (int), ``in_database`` (bool: a right answer is in the database),
    ``transform`` (str), ``strength`` (float), ``photo`` (str), ``group`` (str: photographs of one
    scene share it; the unit of resampling), ``half`` (``tune`` or ``report``) and ``status``
    (``ok``, or ``failed``: no signature could be made; a miss). Optional: ``n_right`` (int, right
    answers in the database; default 1 where there is one) and ``family`` (str, of transforms that
    differ in strength; default ``transform``).

    Of a candidate: ``variant`` (str), ``query`` (int), ``rank`` (int, from 0, the engine's order),
    ``doc`` (int), ``score`` (int, 1..N), ``distance`` (float, NaN in all rows of a variant that
    stores no signature) and ``relation`` (``right``, ``wrong``, or ``ignored``: alike for a good
    reason, removed before anything is counted). Optional: ``sign_distance`` (float, of the signs
    that the words hold; NaN in all rows of a variant it is not known of).

    `word_counts` has N of each variant, in the order of the tables; one without candidates is
    evaluated too: it found nothing. Documents are numbered from 0 to `n_documents`, which
    ``growth`` and ``wrong_pairs`` need. `cut`, of `bench.search.exact.cut`, tells what the last
    place of the lists cut off: recall of the candidates then has its bounds.
    """
    settings = settings or EvaluationSettings()
    query_table = check_queries(queries)
    candidate_table = check_candidates(candidates, query_table, word_counts, settings)
    run = read_queries(query_table)
    weights = draw_groups(run.n_groups, settings.n_resamples, settings.seed)
    drawn = split_resamples(weights, run, settings.seed)
    by_variant = _by_variant(candidate_table, word_counts)
    systems = [
        System(variant, name)
        for variant, rows in by_variant.items()
        for name in _ranking_names(rows)
    ]
    paired = PairedComparisons(default_pairs(systems), settings.confidence)

    cut_off = {} if cut is None else dict(iter(cut.groupby("variant", sort=False)))
    jobs = [
        (
            (variant, rows, cut_off.get(variant), word_counts[variant], variant in claims_of),
            (run, weights, drawn, settings, n_documents),
        )
        for variant, rows in by_variant.items()
    ]
    worth_it = len(candidate_table) * settings.n_resamples >= WORTH_A_PROCESS and len(jobs) > 1
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    progress = progress or Progress(disable=True)
    bar = progress.add_task("Evaluating", total=len(systems))
    # The longer ones first: cores then end at about the same time.
    parts = [(part, *job) for part in (_measure_hits, _measure_sizes) for job in jobs]
    for measured, compared in (in_parallel if worth_it else starmap)(_measure, parts):
        for name, tables in measured.items():
            found[name] += tables
        for system, estimates in compared.items():
            paired.add(system, estimates)
        progress.advance(bar, len(compared))
    found["comparisons"].append(pd.DataFrame(paired.rows()))
    return EvaluationTables(
        **{
            name: make_table(pd.concat(tables) if tables else pd.DataFrame(), TABLES[name])
            for name, tables in found.items()
        }
    )


#: Name, candidates, what its lists cut off, N, and whether claims are about such an index.
_Variant = tuple[str, pd.DataFrame, pd.DataFrame | None, int, bool]
_Shared = tuple[Queries, Weights, Halves, EvaluationSettings, int | None]
#: Tables by their names, and what systems are compared by.
_Measured = tuple[dict[str, list[pd.DataFrame]], dict[System, Estimates]]


def _measure(
    part: Callable[[_Variant, _Shared], _Measured], of_variant: _Variant, of_all: _Shared
) -> _Measured:
    return part(of_variant, of_all)


def _measure_hits(of_variant: _Variant, of_all: _Shared) -> _Measured:
    """Measure what the whole database tells of one variant."""
    variant, rows, cut, word_count, claimed = of_variant
    run, weights, drawn, settings, _ = of_all
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    compared: dict[System, Estimates] = {}

    def add(name: str, table: pd.DataFrame | Sequence[Mapping[str, object]]) -> None:
        found[name].append(pd.DataFrame(table).assign(variant=variant))

    hits = select_hits(rows, len(run), settings, cut)
    rankings = [RANKINGS[name] for name in hits.by_ranking]
    if DISTANCE.name in hits.by_ranking:
        bands, chosen = hybrid_table(hits, run, weights, word_count, settings)
        add("hybrid", bands)
        rankings.append(chosen.ranking)
        hits = hits.ranked_by(chosen.ranking)
    parts = {}
    for ranking in rankings:
        system = System(variant, ranking.name)
        measured, compared[system], edits = measure_system(
            hits, ranking, run, weights, drawn, word_count, settings
        )
        for name, table in measured.items():
            add(name, table.assign(ranking=ranking.name))
        if ranking.name in PARTED:
            parts[ranking.name] = measure_parts(hits, ranking, run, weights, settings, edits)
            of_parts = pd.DataFrame(part_rows(parts[ranking.name], settings.confidence))
            add("by_part", of_parts.assign(ranking=ranking.name))
    add("gaps", gap_rows(parts, settings.confidence))
    add("agreement", agreement(hits, run, weights, settings.confidence))
    uncut = _uncut(rows, len(run), settings)
    add("unmatched_scores", unmatched_scores(uncut, run, settings.confidence))
    if claimed:
        add("claims", check_claims(uncut, run, weights, settings))
    return found, compared


def _uncut(rows: pd.DataFrame, n_queries: int, settings: EvaluationSettings) -> Hits:
    """What was found, whatever the cutoffs of the queries: what the whole index tells."""
    return select_hits(rows, n_queries, replace(settings, score_cutoff=None, distance_cutoff=None))


def _by_variant(table: pd.DataFrame, variants: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Cut a table that is sorted by variant into views, in the order of the variants."""
    codes, names = pd.factorize(table["variant"])
    ends = [*np.flatnonzero(np.diff(codes, prepend=-1)).tolist(), len(table)]
    places = [slice(*each) for each in pairwise(ends)]
    place = dict(zip(names, places, strict=True))
    return {variant: table[place.get(variant, slice(0))] for variant in variants}


def _ranking_names(rows: pd.DataFrame) -> list[str]:
    columns = set(available_columns(rows))
    names = [ranking.name for ranking in RANKINGS.values() if columns >= set(ranking.columns)]
    return names + [HYBRID] * (DISTANCE.name in columns)


def _measure_sizes(of_variant: _Variant, of_all: _Shared) -> _Measured:
    """Measure what depends on the size of the database; the hybrid ranking is left out."""
    variant, rows, _, word_count, _ = of_variant
    queries, weights, drawn, settings, n_documents = of_all
    if n_documents is None:
        return {}, {}
    hits = _uncut(rows, len(queries), settings)
    last = last_scores(rows, len(queries), settings.n_candidates)
    rankings = [RANKINGS[name] for name in hits.by_ranking]
    simple = [ranking for ranking in rankings if len(ranking.columns) == 1]
    grown = growth(rows, queries, simple, collection_sizes(n_documents), weights, drawn, settings)
    wrong = []
    for ranking in rankings:
        sample = take_sample(hits, ranking, queries, queries.halves[ALL], weights)
        counted = wrong_pairs(
            sample, queries, n_documents, ranking.cutoffs(word_count), last, settings.confidence
        )
        wrong.append(pd.DataFrame(counted).assign(ranking=ranking.name))
    tables = {"growth": pd.DataFrame(grown), "wrong_pairs": pd.concat(wrong)}
    return {name: [table.assign(variant=variant)] for name, table in tables.items()}, {}
