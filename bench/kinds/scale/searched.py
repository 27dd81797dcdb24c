"""Searches of the indices of one size, while all of them are there: what they take and find.

``search_samples``, ``search_cost``
    As of an experiment (`bench.cost.searching`), with the column ``documents``: the first variant
    of the same size is what the others are compared with.
``live_searches``, ``live``
    See `bench.kinds.scale.live`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from bench.cost.searching import join_samples, measure_condition, summarize_searches
from bench.cost.settings import Condition
from bench.engine.client import Client
from bench.kinds.scale.config import Scale, SizedCost
from bench.kinds.scale.live import compare_live, live_table, requests_of
from bench.kinds.scale.quality import stored_answers
from bench.kinds.scale.sizes import SizedIndex
from bench.runs.folder import Stopwatch, write_parquet
from bench.search.exact.truth import Truth
from bench.signing.sign import Signed

Advance = Callable[[int], object]


class StageSearches:
    """What is searched of each size, and what of it is done; kept below the run's work."""

    def __init__(
        self, scale: Scale, signed: Signed, truth: Truth, work: Path, watch: Stopwatch
    ) -> None:
        self._scale, self._signed, self._truth, self._work = scale, signed, truth, work
        self._watch = watch
        real = len(signed.database)
        self.timed, self.judged = scale.timed_sizes(real), scale.judged_sizes(real)

    def is_done(self, size: int) -> bool:
        """Whether nothing is left that needs the indices of a size."""
        paths = [self._live(size)] if size in self.judged else []
        if size in self.timed:
            paths += [self._cost(size, n) for n in range(len(self._conditions()))]
        return all(path.is_file() for path in paths)

    def units(self) -> int:
        """Searches in all, for a progress bar."""
        variants, cost = len(self._scale.expand()), self._scale.cost
        timed = len(self.timed) * sum(int(searches) for _, searches in self._conditions())
        live = 0 if self._scale.quality is None else self._scale.quality.live * len(self.judged)
        of_each = len(cost.variants) or variants if cost is not None else 0
        return of_each * timed + variants * live

    def search(self, client: Client, jobs: Sequence[SizedIndex], advance: Advance) -> None:
        """Search all indices of one size, unless that is done."""
        with self._watch.time("search"):
            self._search(client, jobs, advance)

    def _search(self, client: Client, jobs: Sequence[SizedIndex], advance: Advance) -> None:
        size = jobs[0].documents
        if size in self.judged and not self._live(size).is_file():
            write_parquet(self._live(size), self._compared(client, jobs, advance))
        if size not in self.timed or self._scale.cost is None:
            return
        cost = self._scale.cost
        names = {job.state.variant.index_name: job.variant for job in jobs}
        variants = [
            job.state.variant for job in jobs if not cost.variants or job.variant in cost.variants
        ]
        if cost.variants:  # in that order: the first is what the others are compared with
            variants.sort(key=lambda one: cost.variants.index(names[one.index_name]))
        hits = 100 if self._scale.quality is None else self._scale.quality.size
        for number, (condition, searches) in enumerate(self._conditions()):
            path = self._cost(size, number)
            if not path.is_file():
                samples = measure_condition(
                    client,
                    variants,
                    self._signed,
                    condition,
                    searches,
                    cost,
                    size=hits,
                    run=jobs[0].state.run,
                )
                write_parquet(path, with_names(samples, names, size))
            advance(searches * len(variants))

    def _compared(
        self, client: Client, jobs: Sequence[SizedIndex], advance: Advance
    ) -> pd.DataFrame:
        """Rows of ``live_searches`` of one size."""
        quality, size = self._scale.quality, jobs[0].documents
        if quality is None:
            raise ValueError("no answers were computed that hits could be compared with")
        sources = sorted({request.source for request in requests_of(jobs, quality)})
        stored = stored_answers(self._work, [size], sources)
        answers = {source: best for (_, source), best in stored.items()}
        return compare_live(client, jobs, quality, self._signed, self._truth, answers, advance)

    def _conditions(self) -> list[tuple[Condition, int]]:
        return [] if self._scale.cost is None else self._scale.cost.conditions()

    def _cost(self, size: int, number: int) -> Path:
        return self._work / "cost" / f"{size}-{number:02}.parquet"

    def _live(self, size: int) -> Path:
        return self._work / "live" / f"{size}.parquet"

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, of what was searched."""
        tables: dict[str, pd.DataFrame] = {}
        if self._scale.quality is not None:
            live = pd.concat([pd.read_parquet(self._live(n)) for n in self.judged])
            tables["live_searches"] = live.reset_index(drop=True)
            tables["live"] = live_table(self._scale, tables["live_searches"], self._signed.queries)
        if self._scale.cost is not None:
            paths = [
                self._cost(size, number)
                for size in self.timed
                for number in range(len(self._conditions()))
            ]
            tables["search_samples"] = join_samples(pd.read_parquet(path) for path in paths)
            tables["search_cost"] = cost_table(tables["search_samples"], self._scale.cost)
        return tables


def with_names(samples: pd.DataFrame, names: Mapping[str, str], documents: int) -> pd.DataFrame:
    """Samples of one size under the names of the variants; none where no index took part."""
    if samples.empty:
        return samples
    return samples.assign(variant=samples["variant"].map(names), documents=documents)


def cost_table(samples: pd.DataFrame, cost: SizedCost) -> pd.DataFrame:
    """The table ``search_cost``: each size for itself."""
    return pd.concat(
        [
            summarize_searches(own, cost).assign(documents=documents)
            for documents, own in samples.groupby("documents", sort=False)
        ],
        ignore_index=True,
    )
