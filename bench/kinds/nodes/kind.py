"""Node runs as a kind: shards and copies on several nodes, and the loss of one."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.disk.history import History, Past, measured_sizes, source_bytes
from bench.index.variant import Variant, variants_of
from bench.kinds.base import Kind, Outcome
from bench.kinds.nodes.arrangements import ALIKE, PART, WHOLE
from bench.kinds.nodes.config import Nodes
from bench.kinds.nodes.figures import FIGURES
from bench.kinds.nodes.measure import measure_nodes
from bench.kinds.nodes.page import node_listings, node_verdict
from bench.kinds.nodes.recompute import recompute_nodes
from bench.kinds.plan import (
    TOGETHER,
    RunPlan,
    peak_together,
    plan_pictures,
    planned_index,
    planned_stages,
    times,
    total,
)
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.runs.check import Check
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class NodesKind(Kind[Nodes]):
    """The same documents in one shard, in several, and with replicas; then a node is lost."""

    name = "nodes"
    config = Nodes

    def refuse_kept_engine(self, config: Nodes) -> None:
        raise ExperimentError(
            "a node run ends one of its nodes, and what is left is not worth keeping; leave out "
            "--keep-engine"
        )

    def refuse_cluster(self, config: Nodes) -> None:
        raise ExperimentError(
            "a node run kills one of its nodes, so it starts its own; unset ES_URL"
        )

    def variants(self, config: Nodes) -> list[Variant]:
        return config.expand()

    def dataset(self, config: Nodes) -> Dataset:
        return config.dataset

    def plan(self, config: Nodes, history: History) -> RunPlan:
        pictures = plan_pictures(config.dataset, history, searches=True)
        documents, queries, every = pictures.documents, pictures.queries, config.documents
        variants = config.expand()
        # A replica is planned as an index of its own: it takes the same.
        copies = ("", *(f"-replica-{number + 1}" for number in range(config.replicas)))
        held = {PART: round(every / config.shards)} | dict.fromkeys(ALIKE, every)
        indices = [
            planned_index(
                f"{one.index_name}-{name}{copy}",
                one,
                count,
                history,
                pictures,
            )
            for one in variants
            for name, count in held.items()
            for copy in (copies if name == ALIKE[-1] else ("",))
        ]
        sent = _sent(config.documents, config.shards, config.replicas, variants)
        beyond = None if documents is None else (documents if every > documents else 0)
        units = {
            "sign": total(documents, queries),
            "nodes synthetic": beyond,
            "nodes answer": times(len(variants) * every, queries),
            "start": config.engine.nodes,
            "nodes index": sent,
            "nodes settle": sent,
            "nodes search": times(len(variants) * len(ALIKE), queries),
            "nodes lose": 1,
            "nodes report": 1,
        }
        return RunPlan(
            kind=self.name,
            name=config.name,
            documents=every,
            queries=queries,
            indices=tuple(indices),
            stages=planned_stages(units, history),
            peak_bytes=peak_together(indices),
            peak_source=TOGETHER,
            floor=config.engine.disk_floor,
            cautions=pictures.cautions,
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """Sizes of its indices in one shard, and what each stage did."""
        config, dataset = manifest["config"], manifest["dataset"]
        variants, every = variants_of(config), config["documents"]
        sent = _sent(every, config["shards"], config["replicas"], variants)
        units = {
            "synthetic": dataset["documents"] if manifest["synthetic"] else 0,
            "answer": len(variants) * every * dataset["queries"],
            "index": sent,
            "settle": sent,
            "search": len(folder.table("samples")),
            "lose": 1,
        }
        indices = folder.table("indices")
        own = indices[indices["arrangement"] == WHOLE]
        rows = own.assign(
            loaded_store_bytes=own["loaded_bytes"],
            bytes_per_document=own["store_bytes"] / own["documents"],
        )
        return Past(sizes=measured_sizes(rows.to_dict("records"), folder.path.name), units=units)

    def execute(self, config: Nodes, run: RunUnderWay) -> Outcome:
        return measure_nodes(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return FIGURES

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return node_listings(folder, manifest)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return node_verdict(folder, manifest)

    def recompute(
        self,
        config: Nodes,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_nodes(config, tables, manifest)


def _sent(documents: int, shards: int, replicas: int, variants: list[Variant]) -> int:
    """Bytes that are indexed: once in each copy."""
    copies = 1 / shards + 1 + 1 + (1 + replicas)
    return round(documents * copies * sum(map(source_bytes, variants)))
