"""What every ranking of an experiment's indices is worth, computed again from the hits."""

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.comparisons import Estimates, comparable
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import RANKINGS, hybrid_ranking
from bench.evaluate.settings import EvaluationSettings, System
from bench.evaluate.system import evaluate_point
from bench.runs.folder import RunFolder


def run_estimates(folder: RunFolder, settings: EvaluationSettings) -> dict[System, Estimates]:
    """Measure every ranking of every index over all queries.

    What is tuned stays as the run tuned it: the band of scores that is ranked by distance.
    """
    variants, hybrid, cut = (folder.table(name) for name in ("variants", "hybrid", "cut"))
    queries = check_queries(folder.table("queries"))
    candidates = folder.table("candidates")
    # A limit of plausible scores, which `verify` checks against the config.
    largest = dict.fromkeys(variants["ranks_as"], 1)
    largest |= candidates.groupby("variant")["score"].max().to_dict()
    checked = check_candidates(candidates, queries, largest, settings)
    run = read_queries(queries)
    weights = draw_groups(run.n_groups, settings.n_resamples, settings.seed)
    bands = hybrid[hybrid["chosen"]].set_index("variant")[["band_low", "band_high"]]
    found: dict[System, Estimates] = {}
    for name in dict.fromkeys(variants["ranks_as"]):
        own_cut = cut[cut["variant"] == name]
        hits = select_hits(
            checked[checked["variant"] == name],
            len(run),
            settings,
            None if own_cut.empty else own_cut,
        )
        rankings = [RANKINGS[each] for each in hits.by_ranking]
        if name in bands.index:
            rankings.append(hybrid_ranking(*(int(end) for end in bands.loc[name])))
            hits = hits.ranked_by(rankings[-1])
        for ranking in rankings:
            estimates = comparable(evaluate_point(hits, ranking, run, weights, settings))
            for index in variants.loc[variants["ranks_as"] == name, "variant"]:
                found[System(index, ranking.name)] = estimates
    return found
