"""What a value says: the probability of a match, and the cutoffs for a wanted precision.

A person asks of the best hit of an answer whether it is a match. Its probability is read from the
scoring's value by a logistic or an isotonic regression, fitted on the half to tune on: the one of
the smaller log loss when scenes of that half are left out in turn. Either is shown on the other
half. Ranks of backgrounds are those that were chosen.

``calibrated``
    One row a list and scoring: the regression, its log loss beside the other's, and of the held-out
    half the expected calibration error (bins as in ``calibration``; it has no interval, for
    resamples add their own noise to each bin) and the Brier score, with that of saying of all the
    share of matches of the half to tune on.
``calibration``
    One row a bin of predicted probabilities that is not empty: their mean, and the share of matches
    with its interval by resampling scenes.
``cutoffs``
    One row a list, scoring and wanted precision, of all hits: the loosest cutoff that reaches it on
    the half to tune on, and what it reaches on the other, see `bench.evaluate.held_out` and
    `bench.evaluate.cutoffs`. ``keeps`` says how a value is compared with it: plain distances are
    kept below it, all else at it and above; a distance less its background counts how much nearer
    a hit is. ``probability`` is that of a best hit at the cutoff.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bench.evaluate import ties
from bench.evaluate.arrays import Bools, Floats
from bench.evaluate.cutoffs import tuned_cutoffs
from bench.evaluate.estimates import mean_over_queries
from bench.evaluate.held_out import Halves, split_resamples, tune
from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import ALL
from bench.evaluate.judge import REPORT, TUNE, Judge, chosen_ranks
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.sample import take_sample
from bench.evaluate.scorings import Scoring, get_scoring, normalised
from bench.kinds.scoring.config import Scoring as Config
from bench.kinds.scoring.quality import settings_of
from bench.search.exact.truth import IGNORED, RIGHT
from datasets.parallel import in_parallel

#: What is looked at, beside what is recommended.
LOOKED_AT = (
    "count",
    "count - kth",
    "count - gap",
    "distance",
    "distance - kth",
    "hamming",
    "hamming - kth",
    "hamming - gap",
)
#: Bins of predicted probabilities, equally wide.
BINS = 10
#: Parts of the half to tune on that are left out in turn.
FOLDS = 5
METHODS = ("logistic", "isotonic")

Rows = list[dict[str, Any]]
Probability = Callable[[Floats], Floats]


def fit_probability(method: str, values: Floats, right: Bools) -> Probability:
    """From a value to the probability of a match, never nearer to 0 or 1 than half a case."""
    edge = 0.5 / len(right)
    if right.all() or not right.any():
        share = float(np.clip(right.mean(), edge, 1 - edge))
        return lambda asked: np.full(len(asked), share)
    if method == "isotonic":
        steps = IsotonicRegression(y_min=edge, y_max=1 - edge, out_of_bounds="clip")
        steps.fit(values, right)
        return lambda asked: np.asarray(steps.predict(asked), dtype=np.float64)
    center, spread = float(values.mean()), float(values.std()) or 1.0

    def scaled(asked: Floats) -> Floats:
        return ((asked - center) / spread)[:, np.newaxis]

    # Barely held back: only so that what one cutoff tells apart has a slope.
    curve = LogisticRegression(C=100.0, solver="newton-cholesky", tol=1e-10).fit(
        scaled(values), right
    )
    return lambda asked: np.clip(curve.predict_proba(scaled(asked))[:, 1], edge, 1 - edge)


def left_out_loss(method: str, values: Floats, right: Bools, group: NDArray[np.int64]) -> float:
    """Log loss of cases whose groups were left out when the probability was fitted."""
    said = np.empty(len(values))
    folds = GroupKFold(min(FOLDS, len(np.unique(group))))
    for fitted_on, left_out in folds.split(values, groups=group):
        probability = fit_probability(method, values[fitted_on], right[fitted_on])
        said[left_out] = probability(values[left_out])
    return float(-np.log(np.where(right, said, 1 - said)).mean())


def calibration_tables(
    config: Config,
    queries: pd.DataFrame,
    hits: Mapping[str, pd.DataFrame],
    tuned: pd.DataFrame,
    recommended: tuple[str, str] | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables, of hits by the name of their list and the table ``tuned``."""
    looked_at: dict[str, list[tuple[str, int]]] = {source: [] for source in hits}
    for (source, scoring), k in chosen_ranks(tuned).items():
        if source in hits and (scoring in LOOKED_AT or (source, scoring) == recommended):
            looked_at[source].append((scoring, k))
    text = config.model_dump_json()
    jobs = (
        (text, queries, name, hits[name], scorings)
        for name, scorings in looked_at.items()
        if scorings
    )
    found = list(in_parallel(_measure, jobs))
    names = ("calibrated", "calibration", "cutoffs")
    rows = {name: [row for each in found for row in each[name]] for name in names}
    return {name: pd.DataFrame(own) for name, own in rows.items() if own}


def _measure(
    text: str,
    queries: pd.DataFrame,
    source: str,
    hits: pd.DataFrame,
    scorings: list[tuple[str, int]],
) -> dict[str, Rows]:
    """Rows of the tables, of one list."""
    config = Config.model_validate_json(text)
    judge = Judge(queries, settings_of(config))
    counted = hits[hits["code"] != IGNORED].reset_index(drop=True)
    drawn = split_resamples(judge.weights, judge.queries, judge.settings.seed)
    rows: dict[str, Rows] = {"calibrated": [], "calibration": [], "cutoffs": []}
    for name, k in scorings:
        scoring = get_scoring(name)
        # Of all hits: what is ignored is part of the background too.
        goodness = normalised(scoring, hits, len(judge), config.search.size, k)
        goodness = goodness[(hits["code"] != IGNORED).to_numpy()]
        named = {"source": source, "scoring": name, "k": k}
        told, bins, probability = _calibrate(judge, counted, goodness, config.evaluation.confidence)
        rows["calibrated"] += [named | row for row in told]
        rows["calibration"] += [named | row for row in bins]
        cutoffs = _cutoffs(judge, drawn, scoring, counted, goodness, probability)
        rows["cutoffs"] += [named | row for row in cutoffs]
    return rows


def _calibrate(
    judge: Judge, hits: pd.DataFrame, goodness: Floats, confidence: float
) -> tuple[Rows, Rows, Probability | None]:
    """Rows of ``calibrated`` and ``calibration``, and the probability; none of a single scene."""
    row, right = hits["row"].to_numpy(np.int64), (hits["code"] == RIGHT).to_numpy()
    order = np.lexsort((hits["rank"].to_numpy(), -goodness, row))
    order = order[np.unique(row[order], return_index=True)[1]]  # the best hit of each answer
    row, right, values = row[order], right[order], goodness[order]
    of_tune, group = judge.parts[TUNE][row], judge.queries.group[row]
    if len(np.unique(group[of_tune])) < 2:
        return [], [], None
    own = values[of_tune], right[of_tune]
    losses = {method: left_out_loss(method, *own, group[of_tune]) for method in METHODS}
    method = min(losses, key=losses.__getitem__)
    probability = fit_probability(method, *own)
    said, was, asked = np.zeros(len(judge)), np.zeros(len(judge)), np.zeros(len(judge), np.bool_)
    asked[row] = ~of_tune
    said[row], was[row] = probability(values), right
    found = hits_from_arrays(row, right, {SCORE.name: values}, len(judge))
    sample = take_sample(found, SCORE, judge.queries, judge.parts[REPORT], judge.weights)
    place = np.minimum((said * BINS).astype(np.int64), BINS - 1)
    bins, error = [], 0.0
    for each in np.unique(place[asked]).tolist():
        inside = asked & (place == each)
        share = mean_over_queries(sample, "observed", ties.NONE, was, inside, is_rate=True)
        predicted = float(said[inside].mean())
        error += share.n * abs(share.value - predicted)
        ends = dict(zip(("low", "high"), share.interval(confidence)[:2], strict=True))
        bins.append(
            {"bin": each, "predicted": predicted, "observed": share.value, "n": share.n} | ends
        )
    squares = mean_over_queries(sample, "Brier", ties.NONE, (said - was) ** 2, asked, is_rate=False)
    n, share_of_tune = int(asked.sum()), float(own[1].mean())
    if not n:
        return [], [], probability
    told: dict[str, Any] = {"method": method} | {
        f"log_loss_{name}": loss for name, loss in losses.items()
    }
    told |= {"n_tuned": int(of_tune.sum()), "n": n, "share": float(was[asked].mean())}
    told |= {"ece": error / n}
    told |= squares.columns("brier", confidence)
    told |= {"brier_of_share": float(((share_of_tune - was[asked]) ** 2).mean())}
    return [told], bins, probability


def _cutoffs(
    judge: Judge,
    drawn: Halves,
    scoring: Scoring,
    hits: pd.DataFrame,
    goodness: Floats,
    probability: Probability | None,
) -> Rows:
    """Rows of ``cutoffs``."""
    is_distance = scoring.value != "score" and not scoring.rule
    ranking, values = (DISTANCE, -goodness) if is_distance else (SCORE, goodness)
    right = (hits["code"] == RIGHT).to_numpy()
    row = hits["row"].to_numpy(np.int64)
    found = hits_from_arrays(row, right, {ranking.name: values}, len(judge))
    queries, settings = judge.queries, judge.settings
    own, report = (
        take_sample(found, ranking, queries, judge.parts[half], judge.weights)
        for half in (TUNE, REPORT)
    )
    for_tuning, for_trying = (
        take_sample(found, ranking, queries, judge.parts[ALL], weights)
        for weights in (drawn.tune, drawn.report)
    )
    tuned = tune(own, for_tuning, settings)
    rows = []
    for told in tuned_cutoffs(report, for_trying, tuned, settings):
        said = float("nan")
        at = ranking.goodness(np.array([told["cutoff"]], dtype=np.float64))
        if probability is not None and not np.isnan(at[0]):
            said = float(probability(at)[0])
        rows.append({"keeps": "<" if is_distance else ">=", "probability": said} | told)
    return rows
