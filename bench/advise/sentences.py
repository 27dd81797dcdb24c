"""The advice in sentences, for a person."""

import math

from bench.advise.advice import Advice, Choice
from bench.advise.measured import MARGIN
from bench.advise.question import Question
from bench.advise.size import IndexSize, shard_limit
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
    told = [_choice(advice, grade, best), _evidence(advice, grade, best)]
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
    if advice.fewest_candidates > asked.candidates:
        return (
            f"Nothing reaches {goal}: every choice fetches at least "
            f"{math.ceil(advice.fewest_candidates):,} candidates, more than the "
            f"{asked.candidates:,} allowed."
        )
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
            f"{_where_found(best, advice)}.{_grown(best)}"
        )
    return (
        f"None of {advice.considered:,} choices reaches {goal}; the nearest is {what}, with "
        f"recall {rounded(row['recall'])} and a modelled precision of "
        f"{rounded(row['model_precision'])}. "
        f"At this precision {_at_most(advice.best_recall, 'recall')}, and at this recall "
        f"{_at_most(advice.best_precision, 'precision')}.{_grown(best)}"
    )


def _where_found(best: Choice, advice: Advice) -> str:
    how = "simulated on" if best.measured_at is None else "searched among"
    return (
        f"{how} {advice.documents:,} documents, with queries of the collection {advice.collection}"
    )


def _grown(best: Choice) -> str:
    if not best.row["recall_extrapolated"]:
        return ""
    return (
        f" Recall, too, is extrapolated: it is that among {best.measured_at:,} documents, and a "
        "margin finds less among more."
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


def _evidence(advice: Advice, grade: str, best: Choice | None) -> str:
    evidence = advice.evidence
    if best is not None and grade == "proven":
        wrong = int(best.row["wrong_pairs"])
        end = f"{wrong:,} of them wrong, few enough to prove it" if wrong else "which prove it"
    elif evidence.possible:
        end = "which is enough to prove it where none, or few enough, of them are wrong"
    else:
        end = "so no count proves it"
        if evidence.pairs_counted >= evidence.pairs_needed:
            end = "but no count proves what a margin keeps among more documents than were searched"
        if best is not None and best.decades_beyond > 0:
            end += (
                f": the model's figures are extrapolated by {rounded(best.decades_beyond, '.1f')} "
                "powers of ten, not measured, and too hopeful if rare matches are commoner than it "
                "says"
            )
    return (
        f"With a recall of at least {rounded(evidence.recall)} among {evidence.images:,} images, "
        f"at most {rounded(evidence.allowed_rate, '.1e')} wrong pairs a query and image are "
        f"allowed; to prove that of any of {advice.considered:,} choices takes "
        f"{rounded(evidence.pairs_needed, '.1e')} query × document pairs without a wrong one, and "
        f"{rounded(evidence.pairs_counted, '.1e')} were counted, {end}."
    )


def _size(advice: Advice, best: Choice) -> str:
    size, nodes = best.size, best.nodes
    corrected = (
        f"corrected for large shards by {size.scaled_by}"
        if size.scaled_by
        else "not corrected for large shards: no scale run of this layout was given"
    )
    return (
        f"It takes {sized(size.primary_bytes)} ({sized(size.primary_low)} to "
        f"{sized(size.primary_high)}) in {_shards(advice.question, size)}: "
        f"{rounded(size.bytes_per_document, ',.0f')} bytes a document, {size.source} on "
        f"{advice.engine}, {corrected}. {_few(size)}With room to merge that is "
        f"{sized(nodes.disk_bytes)} of disk on {_number(nodes.count, 'node')}, which "
        f"{_REASONS[nodes.decided_by]} require{'' if nodes.decided_by in _PLURAL else 's'}."
    )


def _shards(question: Question, size: IndexSize) -> str:
    """How many, and why they are more than was asked for."""
    told = _number(size.shards, "primary shard")
    limit = shard_limit(question)
    if limit < question.shard_bytes and size.primary_bytes > limit:
        told += f", small enough for a node to hold whole ones ({sized(limit)} at most)"
    if size.shards > _MOST_SHARDS:
        told += f", of several indices, as one has {_MOST_SHARDS:,} at most"
    if size.replicas:
        told += f", {sized(size.store_bytes)} with {_number(size.replicas, 'replica')} of each"
    if size.replicas > question.replicas:
        told += f" (not {question.replicas:,}, as each node that searches needs a copy)"
    return told


def _few(size: IndexSize) -> str:
    if size.fewest is None or size.documents_per_shard >= size.fewest:
        return ""
    return (
        f"The fewest documents that were measured in a shard are {size.fewest:,}: fewer are "
        "reckoned as a part of these, and take at most what all of these do, "
        f"{sized(size.primary_high)}. "
    )


def _number(count: int, what: str) -> str:
    """``1 node``, ``1,200 nodes``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


#: Shards of an index that Elasticsearch and OpenSearch allow.
_MOST_SHARDS = 1024
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
        f"A search takes {milliseconds(speed)} at the median, {_how(best.size, speed)}, and with "
        f"many clients {_seconds(speed.core_seconds)} s of one core's time. The index is in "
        "memory; it is slower where a node's is smaller."
    )


def milliseconds(speed: Speed) -> str:
    """``8.1 ms (7.5 to 9.0)``; from a second on, in seconds."""
    slow = speed.milliseconds >= 1000
    times = (one / 1000 if slow else one for one in (speed.milliseconds, speed.low, speed.high))
    value, low, high = (rounded(one, ",.1f") for one in times)
    return f"{value} {'s' if slow else 'ms'} ({low} to {high})"


def _how(size: IndexSize, speed: Speed) -> str:
    known = _known(speed)
    if size.shards == 1:
        return known
    rounds = "" if speed.rounds == 1 else f", in {speed.rounds:,} rounds for want of cores,"
    return (
        f"assumed: that {size.shards:,} shards are searched side by side{rounds} was not measured, "
        f"and what one takes is {known}"
    )


def _seconds(value: float) -> str:
    return rounded(value, ",.0f" if value >= 10 else ".2g")


def _known(speed: Speed) -> str:
    """How the time of a shard is known."""
    if speed.of_a_shard == "measured":
        return "measured at this size"
    several = speed.smallest < speed.largest
    timed = f"{speed.smallest:,} to {speed.largest:,}" if several else f"{speed.largest:,}"
    beyond = ""
    if speed.work_over_timed > 1:
        times = rounded(speed.work_over_timed, ",.1f")
        beyond = f", to {times} times the most work that was timed"
    return f"{speed.of_a_shard} from {timed} documents{beyond}"


def _at_most(value: float, name: str) -> str:
    return "no choice is left" if math.isnan(value) else f"the best {name} is {rounded(value)}"
