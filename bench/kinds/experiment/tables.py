"""All tables of an experiment, from what was measured of its variants."""

from collections.abc import Mapping, Sequence

import pandas as pd
from rich.progress import Progress

from bench.evaluate import EvaluationSettings, evaluate
from bench.evaluate.claims import CLAIMED_K, CLAIMED_N
from bench.evaluate.outputs import TABLES
from bench.index.variant import Variant
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.equivalent_variants import representatives, said_of_all
from bench.kinds.variant_state import VariantState
from bench.kinds.variant_tables import candidates_table, fields_table, timings_table, variants_table
from bench.signing.sign import Signed


def run_tables(
    experiment: Experiment, states: Sequence[VariantState], signed: Signed, progress: Progress
) -> dict[str, pd.DataFrame]:
    """Evaluate what was found, and put all of it into tables.

    Variants that return the same hits are evaluated once: ``candidates`` and ``comparisons`` have
    rows of the first of them only, which the column ``ranks_as`` of ``variants`` names.
    """
    candidates = candidates_table(states, signed)
    variants = [state.variant for state in states]
    largest = {variant.index_name: variant.largest_score for variant in variants}
    stands_for = representatives(candidates, largest)
    distinct = candidates[candidates["variant"].isin(stands_for.values())]
    found = evaluation_tables(
        experiment,
        variants,
        stands_for,
        queries=signed.queries,
        candidates=distinct,
        n_documents=len(signed.database),
        progress=progress,
    )
    return {
        "variants": variants_table(states, signed, stands_for),
        "fields": fields_table(states),
        "documents": signed.documents,
        "queries": signed.queries,
        "candidates": distinct.reset_index(drop=True),
        "timings": timings_table(states),
        **found,
    }


def evaluation_tables(
    experiment: Experiment,
    variants: Sequence[Variant],
    stands_for: Mapping[str, str],
    *,
    queries: pd.DataFrame,
    candidates: pd.DataFrame,
    n_documents: int,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """Evaluate the hits of variants that differ, and say it of all."""
    largest = {variant.index_name: variant.largest_score for variant in variants}
    evaluation = evaluate(
        queries,
        candidates,
        {name: largest[name] for name in dict.fromkeys(stands_for.values())},
        evaluation_settings(experiment),
        progress,
        n_documents=n_documents,
        claims_of=[
            variant.index_name
            for variant in variants
            if _claims_apply(variant) and stands_for[variant.index_name] == variant.index_name
        ],
    )
    found = {name: getattr(evaluation, name) for name in TABLES}
    return {
        name: said_of_all(table, stands_for) if "variant" in table else table
        for name, table in found.items()
    }


def _claims_apply(variant: Variant) -> bool:
    """Whether people's claims about scores and distances are about such an index."""
    same_words = (variant.N, variant.k) == (CLAIMED_N, CLAIMED_K) and variant.scheme.is_reference
    return same_words and variant.counts_words and variant.stores_signature


def evaluation_settings(experiment: Experiment) -> EvaluationSettings:
    """Settings of the evaluation, from the sections ``search`` and ``evaluation``."""
    search, resampling = experiment.search, experiment.evaluation
    return EvaluationSettings(
        n_candidates=search.size,
        score_cutoff=search.score_cutoff,
        distance_cutoff=search.distance_cutoff,
        n_resamples=resampling.resamples,
        confidence=resampling.confidence,
        seed=resampling.seed,
    )
