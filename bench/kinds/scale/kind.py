"""Scale runs as a kind: bytes a document as the collection grows."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from rich.progress import Progress

from bench.disk.history import History, Past, measured_sizes, source_bytes
from bench.index.variant import Variant, source_of, variants_of
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import (
    RunPlan,
    loaded_bytes,
    plan_pictures,
    planned_index,
    planned_stages,
    times,
)
from bench.kinds.scale.config import LOADED_AHEAD, Scale, check_size
from bench.kinds.scale.figures import scale_figures
from bench.kinds.scale.live import check_live, live_table
from bench.kinds.scale.measure import measure_scale
from bench.kinds.scale.page import scale_listings, scale_verdict
from bench.kinds.scale.quality import (
    check_answers,
    postings_table,
    quality_tables,
    words_of,
)
from bench.kinds.scale.search_page import search_figures, search_listings, search_sentences
from bench.kinds.scale.searched import cost_table
from bench.kinds.scale.tables import bytes_check, projections_table, reported_table
from bench.kinds.scale.tail import tail_tables
from bench.kinds.synthetic.likeness import STATISTICS, check_row
from bench.kinds.synthetic.pairs import pairs_check
from bench.kinds.under_way import RunUnderWay
from bench.report.axes import where
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.runs.check import KERNELS, Check, same_table, same_tables
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset
from bench.sizes.fit import fits_table

_IN_TURN = (
    "indices of the two largest sizes and {ahead:,} documents loaded ahead, before their final "
    "merge, copies for recovery included, and the largest once more while it is merged; without "
    "the translog"
)


class ScaleKind(Kind[Scale]):
    """Indices of many sizes, a fit that is tested on the largest, a projection."""

    name = "scale"
    config = Scale

    def variants(self, config: Scale) -> list[Variant]:
        return config.expand()

    def dataset(self, config: Scale) -> Dataset:
        return config.dataset

    def plan(self, config: Scale, history: History) -> RunPlan:
        variants = config.expand()
        pictures = plan_pictures(config.dataset, history, searches=config.queries is not None)
        real = pictures.documents
        if real is not None:
            check_size(config.sizes, real)
        indices = [
            planned_index(f"{one.index_name}-{size}", one, size, history, pictures)
            for size in config.sizes
            for one in variants
        ]
        compared = real if real is None or config.sizes[-1] > real else 0
        units = {
            "sign": real,
            "scale synthetic": compared,
            "start": 1,
            "scale measure": sum(config.sizes) * sum(map(source_bytes, variants)),
            **_search_units(config, real, pictures.queries),
            "scale report": 1,
        }
        held = min(sum(config.sizes), sum(config.sizes[-2:]) + LOADED_AHEAD) / config.sizes[-1]
        largest = indices[-len(variants) :]
        loaded, merged = loaded_bytes(largest), max(one.bytes or 0 for one in largest)
        return RunPlan(
            kind=self.name,
            name=config.name,
            documents=config.sizes[-1],
            queries=None if config.queries is None else pictures.queries,
            indices=tuple(indices),
            stages=planned_stages(units, history),
            peak_bytes=None if loaded is None else loaded * held + merged,
            peak_source=_IN_TURN.format(ahead=LOADED_AHEAD),
            floor=config.engine.disk_floor,
            cautions=pictures.cautions,
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """Sizes of its indices, how many real documents were compared, and how many bytes sent.

        Documents differ by a factor of thirty in length, and so does the time that they take.
        """
        variants = {one.index_name: one for one in variants_of(manifest["config"])}
        each = {name: source_bytes(one) for name, one in variants.items()}
        sizes = folder.table("sizes")
        of_collection = [
            {**row, "config": one.key, "layout": one.layout, "N": one.N}
            for row in where(sizes, origin="collection").to_dict("records")
            for one in [variants[row["variant"]]]
        ]
        measured = int((sizes["documents"] * sizes["variant"].map(each)).sum())
        units = {}
        if "answers" in manifest["tables"]:
            answers = folder.table("score_pairs")
            units["answer"] = int(answers["pairs"].sum())
        if "search_samples" in manifest["tables"]:
            units["search"] = len(folder.table("search_samples"))
        compared = manifest["dataset"]["documents"] if manifest["synthetic"] else 0
        return Past(
            sizes=measured_sizes(of_collection, folder.path.name),
            units={"synthetic": compared, "measure": measured} | units,
        )

    def execute(self, config: Scale, run: RunUnderWay) -> Outcome:
        return measure_scale(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return search_figures(folder) | scale_figures(folder)

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return search_listings(folder, manifest["tables"]) + scale_listings(folder)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return search_sentences(folder, manifest["tables"]) + scale_verdict(folder)

    def recompute(
        self,
        config: Scale,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        yield from _searches_again(config, tables)
        sizes = tables["sizes"]
        yield same_table("sizes", sizes, _sizes_again(sizes, tables["fields"]))
        fits, best = fits_table(sizes, config.confidence)
        yield same_table("fits", tables["fits"], fits, KERNELS)
        projections, reported = projections_table(best, config), reported_table(best, config)
        yield same_table("projections", tables["projections"], projections, KERNELS)
        yield same_table("reported", tables["reported"], reported, KERNELS)
        if "synthetic_check" in tables:
            of_bytes = bytes_check(sizes, config.synthetic.bytes_tolerance)
            stored = tables["synthetic_check"]
            parts = [_words_again(config, stored.head(len(STATISTICS)), tables)]
            if "synthetic_pairs" in tables:  # runs of before did not count pairs
                factors = config.synthetic.factors
                parts.append(pairs_check(tables["synthetic_pairs"], factors))
            again = pd.concat([*parts, of_bytes], ignore_index=True)
            yield same_table("synthetic_check", stored, again[stored.columns])


def _search_units(config: Scale, real: int | None, queries: int | None) -> dict[str, int | None]:
    """Pairs of the exact pass, and searches that are timed; none where nothing is searched."""
    if config.queries is None:
        return {}
    units: dict[str, int | None] = {}
    sources = len({source_of(one) for one in config.expand()})
    if config.quality is not None:
        sizes = None if real is None else sum(config.judged_sizes(real))
        units["scale answer"] = None if sizes is None else times(sizes * sources, queries)
    if config.cost is not None:
        searches = sum(count for _, count in config.cost.conditions())
        timed = len(config.cost.variants or config.variants) * searches
        units["scale search"] = None if real is None else timed * len(config.timed_sizes(real))
    return units


def _searches_again(config: Scale, tables: Mapping[str, pd.DataFrame]) -> Iterator[Check]:
    """What follows from samples of searches, and from the answers of the exact pass."""
    if config.cost is not None:
        again = cost_table(tables["search_samples"], config.cost)
        yield same_table("search_cost", tables["search_cost"], again, KERNELS)
    if config.tail is not None:
        yield from same_tables(tables, tail_tables(config.tail, tables["unrelated_pairs"]), KERNELS)
    if config.quality is None:
        return
    yield check_answers(tables, config.quality.size)
    yield from check_live(tables)
    live = live_table(config, tables["live_searches"], tables["queries"])
    yield same_table("live", tables["live"], live, KERNELS)
    postings = postings_table(tables["score_pairs"], words_of(config))
    yield same_table("postings", tables["postings"], postings)
    judged = quality_tables(config.quality, tables["queries"], tables["answers"])
    yield from same_tables(tables, judged, KERNELS)


def _sizes_again(sizes: pd.DataFrame, fields: pd.DataFrame) -> pd.DataFrame:
    """Sizes with what follows from the store and from estimated bytes."""
    keys = ["variant", "origin", "documents"]
    points = fields[fields["structure"] == "points"].groupby(keys)["bytes"].sum()
    indices = pd.MultiIndex.from_frame(sizes[keys])
    told = indices.isin(pd.MultiIndex.from_frame(fields[keys]))
    own = np.where(told, points.reindex(indices, fill_value=0).to_numpy(), np.nan)
    return sizes.assign(
        synthetic=sizes["documents"] - sizes["real"],
        bytes_per_document=sizes["store_bytes"] / sizes["documents"],
        points_bytes_per_document=own / sizes["documents"],
    )


def _words_again(
    scale: Scale, stored: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Means over the positions; halves of the real documents are compared by signatures."""
    by_origin = dict(list(tables["synthetic_positions"].groupby("origin")))
    rows = [
        check_row(
            name,
            by_origin["real"][name].mean(),
            by_origin["synthetic"][name].mean(),
            scale.synthetic.words_tolerance,
        )
        for name in STATISTICS
    ]
    return pd.DataFrame(rows).assign(real_halves_difference=stored["real_halves_difference"])
