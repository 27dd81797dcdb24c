"""Which pictures of a benchmark are indexed, and which of its queries are searched for."""

from collections import Counter

from numpy.random import Generator, SeedSequence, default_rng

from datasets.errors import DatasetError
from datasets.published.collection import PublishedCollection
from datasets.queries import Plan, Query, split_halves


def plan_published(
    collection: PublishedCollection, *, documents: int | None, queries: int | None, seed: int = 0
) -> Plan:
    """Choose database and queries of a benchmark.

    Both numbers are upper limits. Queries are taken from one group after the other, as often as it
    takes, so that few queries are of many groups. The database has all right answers of the chosen
    queries, and as many of the other pictures as `documents` allows, in random order. The halves do
    not depend on either number; fewer queries or documents of a seed are among the more. None takes
    all. `DatasetError` if the right answers are more than `documents`, or a number is below one.
    """
    for name, value in (("documents", documents), ("queries", queries)):
        if value is not None and value < 1:
            raise DatasetError(f"{name} is at least 1, or null for all there are; not {value}")
    # A generator for each choice: halves stay the same whatever the sizes asked for.
    scenes, sample, distractors, order = (
        default_rng(SeedSequence([seed, stream])) for stream in range(4)
    )
    groups = [collection.photograph(query.picture).group for query in collection.queries]
    sizes = Counter(groups)
    matched = {g for g, query in zip(groups, collection.queries, strict=True) if query.right}
    halves = split_halves(sizes, set(sizes) - matched, scenes)
    places = {original.id: place for place, original in enumerate(collection.originals)}
    planned = []
    for number, chosen in enumerate(_choose(groups, queries, sample)):
        query = collection.queries[chosen]
        planned.append(
            Query(
                number=number,
                original=places[query.picture],
                transform=query.label,
                seed=0,
                in_database=bool(query.right),
                half=halves[groups[chosen]],
                right=tuple(places[name] for name in query.right),
                ignored=tuple(places[name] for name in query.ignored),
            )
        )
    database = _database(
        [places[name] for name in collection.documents],
        {place for query in planned for place in query.right or ()},
        documents,
        distractors,
    )
    return Plan(tuple(order.permutation(database).tolist()), tuple(planned))


def _choose(groups: list[str], count: int | None, rng: Generator) -> list[int]:
    """Places of so many queries, in their order; one of each group in turn."""
    if count is None or count >= len(groups):
        return list(range(len(groups)))
    left: dict[str, list[int]] = {}
    for place in rng.permutation(len(groups)).tolist():
        left.setdefault(groups[place], []).append(place)
    turns = rng.permutation(sorted(left)).tolist()
    chosen: list[int] = []
    while len(chosen) < count:
        chosen += [left[group].pop() for group in turns if left[group]]
    return sorted(chosen[:count])


def _database(
    pictures: list[int], right: set[int], documents: int | None, rng: Generator
) -> list[int]:
    if documents is None or documents >= len(pictures):
        return pictures
    if documents < len(right):
        raise DatasetError(
            f"the queries have {len(right):,} right answers, which are all indexed, and documents "
            f"is {documents:,}; raise documents or lower queries"
        )
    others = [place for place in pictures if place not in right]
    drawn = rng.permutation(others)[: documents - len(right)].tolist()
    return sorted([*right, *drawn])
