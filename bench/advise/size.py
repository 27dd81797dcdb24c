"""How large an index gets, in shards of a given size, with what is known of large ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil, floor
from typing import Any

import pandas as pd

from bench.advise.question import Question
from bench.evaluate.rankings import SCORE
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder
from bench.sizes.fit import SizeFit, fits_table
from bench.sizes.projection import GB, Cluster, bytes_per_document
from bench.sizes.size_model import SIZE


@dataclass(frozen=True)
class IndexSize:
    """Size of an index with its interval: a document in a primary, all primaries, with replicas.

    `source` tells whether the small index's size is ``measured`` or ``predicted``; `scaled_by` is
    the variant of the scale run by which it was corrected, and `fewest` the documents of the
    smallest index of it that was measured, both None where none has the same layout.
    """

    bytes_per_document: float
    low: float
    high: float
    shards: int
    replicas: int
    documents_per_shard: int
    primary_bytes: float
    primary_low: float
    primary_high: float
    store_bytes: float
    source: str
    scaled_by: str | None
    fewest: int | None

    @property
    def shard_bytes(self) -> float:
        """Bytes of one shard."""
        return self.documents_per_shard * self.bytes_per_document

    def copied(self, replicas: int) -> "IndexSize":
        """The same with so many replicas."""
        store = self.primary_bytes * (1 + replicas)
        return replace(self, replicas=replicas, store_bytes=store)


@dataclass(frozen=True)
class Growth:
    """How bytes a document change with the size of a shard.

    `fits` has, for each layout, the variant measured without a stored signature, and its fit; `own`
    that of each index that was measured itself.
    """

    fits: Mapping[str, tuple[str, SizeFit]]
    own: Mapping[str, SizeFit] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: RunFolder) -> "Growth":
        """Read a finished scale run."""
        config = folder.manifest().get("config")
        if not isinstance(config, dict):
            raise RunError(
                f"{folder.path / 'manifest.json'} has no config: it was changed after the run. "
                "Restore it, or give another scale run"
            )
        _, best = fits_table(folder.table("sizes"), config["confidence"])
        fits: dict[str, tuple[str, SizeFit]] = {}
        for variant in config["variants"]:
            name = variant["index"]
            if variant["codec"]["id"] == "none" and name in best:
                fits.setdefault(variant.get("layout", "dynamic"), (name, best[name]))
        return cls(fits, best)

    def known(self, row: Mapping[str, Any]) -> tuple[str, SizeFit] | None:
        """Whose fit an index is corrected by: its own, or that of its layout; else none."""
        name = str(row.get("variant"))
        return (name, self.own[name]) if name in self.own else self.fits.get(str(row["layout"]))

    def factor(
        self, row: Mapping[str, Any], small: int, documents: int
    ) -> tuple[float, float, float]:
        """Bytes a document of a shard over those of a small one: value, low, high.

        The trend of the fit may go on beyond the largest size measured or end there: the value is
        the larger of the two, as in `bench.sizes.projection`. Fewer documents than were measured
        are reckoned as a part of the fewest, and take no more than all of these.
        """
        known = self.known(row)
        if known is None or documents == small:
            return 1.0, 1.0, 1.0
        fit = known[1]
        fewest = min(fit.documents)
        base = fit.predict(max(small, fewest), of_one_index=False).value
        value, low, high = bytes_per_document(fit, max(documents, fewest))
        return value / base, max(low, 0.0) / base, high * max(1, fewest / documents) / base


def shard_limit(question: Question) -> float:
    """Bytes of a shard at most, so that nodes can hold whole ones.

    As many as asked for, as fill a node's memory together, and as leave room on its disk to merge.
    """
    limits = [question.shard_bytes, Cluster(node_gb=question.node_disk / GB).largest_shard]
    if question.node_memory is not None:
        limits.append(question.node_memory / ceil(question.node_memory / question.shard_bytes))
    return min(limits)


def index_size(
    row: Mapping[str, Any], small: int, question: Question, growth: Growth, least: int = 1
) -> IndexSize:
    """Size of an index of all the images, in so many shards at `least`."""
    images, known = question.images, growth.known(row)
    limit = shard_limit(question)
    shards = max(ceil(images / Cluster().shard_documents), min(least, images))
    while True:
        per_shard = ceil(images / shards)
        factor, low, high = growth.factor(row, small, per_shard)
        size = row["bytes_per_document"] * factor
        needed = ceil(images / max(1, floor(limit / size)))
        # More shards than images cannot help: then one document alone is too large for a shard.
        if needed <= shards or shards >= images:
            break
        shards = min(images, needed, 2 * shards)
    lowest, highest = row["bytes_low"] * low, row["bytes_high"] * high
    return IndexSize(
        bytes_per_document=float(size),
        low=float(lowest),
        high=float(highest),
        shards=shards,
        replicas=question.replicas,
        documents_per_shard=per_shard,
        primary_bytes=float(images * size),
        primary_low=float(images * lowest),
        primary_high=float(images * highest),
        store_bytes=float(images * size * (1 + question.replicas)),
        source=str(row["size_source"]),
        scaled_by=known and known[0],
        fewest=known and min(known[1].documents),
    )


def smallest_sizes(sweep: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """The fewest bytes that each ranking of each variant needs: `bench.sizes.size_model.SIZE`.

    Rankings of unknown size are left out.
    """
    columns = ["variant", "ranking", *SIZE]
    every = pd.concat([sizes.assign(ranking=SCORE.name)[columns], sweep[columns]])
    known = every.dropna(subset=["bytes_per_document"])
    ordered = known.sort_values(["bytes_per_document", "layout"], kind="stable")
    return ordered.drop_duplicates(["variant", "ranking"])
