"""The advice in sentences, for a person."""

import math

from bench.advise.advice import Advice, Choice
from bench.advise.measured import MARGIN
from bench.advise.times import Speed
from bench.evaluate.rankings import SCORE
from bench.report.drawing import RANKING_LABELS
from bench.report.rounding import rounded, sized

#: What a grade means where it was counted, and where a model extrapolates.
_MEANING = {
    "proven": ("proven by counted pairs", "proven by counted pairs"),
    "safe": ("safe by the bounds of what was counted", "safe by a model's lower bounds"),
    "likely": ("likely by what was counted", "likely by a model's values"),
}


def sentences(advice: Advice) -> list[str]:
    """What to take, how sure that is, how large it gets, what a search takes."""
    grade, best = advice.best
    told = [_choice(advice, grade, best), _evidence(advice, best)]
    if best is not None:
        told += [_size(advice, best), _speed(advice, best)]
    return told


def cutoff_text(choice: Choice) -> str:
    """``score ≥ 12``, or ``score ≥ 8 and distance by the words' signs < 0.4``."""
    row = choice.row
    by_score = f"score ≥ {int(row['min_score'])}"
    if row["ranking"] == SCORE.name:
        return by_score
    if row["ranking"] == MARGIN:
        return f"score ≥ {row['cutoff']:g} more than that of rank {row['background']:g}"
    return f"{by_score} and {RANKING_LABELS[row['ranking']]} < {row['cutoff']:g}"


def _choice(advice: Advice, grade: str, best: Choice | None) -> str:
    asked = advice.question
    goal = f"precision {asked.precision:g} at recall {asked.recall:g} over {asked.images:,} images"
    if advice.beyond:
        return f"Indices reach {goal}, but none within the limits: {_beyond(advice)}."
    if best is None:
        return (
            f"Nothing can be said of {goal}: no scheme had enough wrong pairs to model the rare "
            "ones, and too few pairs were counted to prove that there are none."
        )
    row = best.row
    what = f"{row['variant']} in the layout {row['layout']}, kept where {cutoff_text(best)}"
    if grade:
        modelled = not row["model_is_count"]
        known = _MEANING[grade][modelled]
        if modelled and grade != "proven":
            known += ", an extrapolation"
        return (
            f"For {goal} take {what}: {known}, with a recall of {rounded(row['recall'])}, "
            f"{_where_found(best, advice)}."
        )
    return (
        f"None of {advice.considered:,} choices reaches {goal}; the nearest is {what}, with "
        f"recall {rounded(row['recall'])} and a modelled precision of "
        f"{rounded(row['model_precision'])}. "
        f"At this precision {_at_most(advice.best_recall, 'recall')}, and at this recall "
        f"{_at_most(advice.best_precision, 'precision')}."
    )


def _where_found(best: Choice, advice: Advice) -> str:
    how = "simulated on" if best.measured_at is None else "searched among"
    return (
        f"{how} {advice.documents:,} documents, with queries of the collection {advice.collection}"
    )


def _beyond(advice: Advice) -> str:
    told = []
    for name, one in advice.beyond.items():
        speed = "an unknown time" if one.speed is None else milliseconds(one.speed)
        told.append(
            f"the {name}, {one.row['variant']} in the layout {one.row['layout']}, takes {speed} "
            f"and {sized(one.nodes.disk_bytes)} of disk"
        )
    return "; ".join(told)


def _evidence(advice: Advice, best: Choice | None) -> str:
    needed, allowed = advice.question.pairs_needed, advice.question.allowed_rate
    if advice.can_be_proven:
        end = "which is enough to prove it where none, or few enough, of them are wrong"
    else:
        end = "so no count proves it"
        if best is not None and not best.row["model_is_count"]:
            end += (
                f": the model's figures are extrapolated by {rounded(best.decades_beyond, '.1f')} "
                "powers of ten, not measured, and too hopeful if rare matches are commoner than it "
                "says"
            )
    return (
        f"At most {rounded(allowed, '.1e')} wrong pairs a query and image are allowed; to prove "
        f"that takes {rounded(needed, '.1e')} query × document pairs without a wrong one, and "
        f"{rounded(advice.pairs, '.1e')} were counted, {end}."
    )


def _size(advice: Advice, best: Choice) -> str:
    size, nodes = best.size, best.nodes
    corrected = (
        f"corrected for large shards by {size.scaled_by}"
        if size.scaled_by
        else "not corrected for large shards: no scale run of this layout was given"
    )
    shards = "1 primary shard" if size.shards == 1 else f"{size.shards:,} primary shards"
    copies = "" if not advice.question.replicas else f", {sized(size.store_bytes)} with replicas"
    return (
        f"It takes {sized(size.primary_bytes)} ({sized(size.primary_low)} to "
        f"{sized(size.primary_high)}) in {shards}{copies}: "
        f"{rounded(size.bytes_per_document, ',.0f')} bytes a document, {size.source} on "
        f"{advice.engine}, {corrected}. With room to merge that is {sized(nodes.disk_bytes)} of "
        f"disk on {nodes.count:,} {'node' if nodes.count == 1 else 'nodes'}, which "
        f"{_REASONS[nodes.decided_by]} require{'' if nodes.decided_by in _PLURAL else 's'}."
    )


#: What requires so many nodes.
_REASONS = {
    "disk": "the disk",
    "copies": "a node for each copy",
    "memory": "an index in memory",
    "searches": "the searches a second",
    "cores": "a core for each shard",
}
_PLURAL = ("searches",)


def _speed(advice: Advice, best: Choice) -> str:
    speed = best.speed
    if speed is None:
        return (
            f"What a search takes is not known: no scale run with searches of indices like the "
            f"layout {best.row['layout']} was given, such as bench/configs/scale-1m.yaml."
        )
    return (
        f"A search takes {milliseconds(speed)} at the median, all shards at once, {_how(speed)}, "
        f"and with many clients {rounded(speed.core_seconds, '.2g')} s of one core's time. The "
        "index is in memory; it is slower where a node's is smaller."
    )


def milliseconds(speed: Speed) -> str:
    """``8.1 ms (7.5 to 9.0)``; from a second on, in seconds."""
    slow = speed.milliseconds >= 1000
    times = (one / 1000 if slow else one for one in (speed.milliseconds, speed.low, speed.high))
    value, low, high = (rounded(one, ",.1f") for one in times)
    return f"{value} {'s' if slow else 'ms'} ({low} to {high})"


def _how(speed: Speed) -> str:
    if speed.source == "measured":
        return "measured at this size"
    return f"{speed.source} from up to {speed.largest:,} documents"


def _at_most(value: float, name: str) -> str:
    return "no choice is left" if math.isnan(value) else f"the best {name} is {rounded(value)}"
