"""How the documents of a variant are spread: the indices of a node run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bench.engine.client import Client
from bench.index.storage import Storage, forget_index
from bench.kinds.nodes.config import Nodes
from bench.kinds.nodes.health import wait_until_green
from bench.kinds.synthetic.documents import Held
from bench.kinds.variant_state import VariantState, build, drop, measure

#: A shard's documents in one shard; all in one; all in all shards; and those with replicas.
PART, WHOLE, SHARDED, COPIED = "part", "whole", "sharded", "copied"
#: Arrangements that hold every document, and so give the same answers.
ALIKE = (WHOLE, SHARDED, COPIED)


@dataclass(frozen=True)
class SpreadIndex:
    """An index of so many documents in shards, with so many replicas of each."""

    variant: str
    arrangement: str
    documents: int
    shards: int
    replicas: int
    state: VariantState

    @property
    def name(self) -> str:
        """The name of the index."""
        return self.state.variant.index_name

    def ready(self, client: Client, held: Held, advance: Callable[[int], object]) -> None:
        """Build it unless it is there, whole; where a lost node took documents with it, anew."""
        if self.state.has_index and wait_until_green(client, self.name) == "red":
            drop(client, self.state)
            forget_index(self.state.folder)
        build(client, self.state, held, advance, shards=self.shards, replicas=self.replicas)

    def settled(self, client: Client, held: Held) -> Storage:
        """Settle and measure it once every copy is there."""
        wait_until_green(client, self.name)
        return measure(client, self.state, held)


def plan_indices(config: Nodes, work: Path, run: str) -> list[SpreadIndex]:
    """All indices, those of a variant together."""
    every, own = config.documents, round(config.documents / config.shards)
    arrangements = (
        (PART, own, 1, 0),
        (WHOLE, every, 1, 0),
        (SHARDED, every, config.shards, 0),
        (COPIED, every, config.shards, config.replicas),
    )
    found = []
    for variant in config.expand():
        for arrangement, documents, shards, replicas in arrangements:
            name = f"{variant.index_name}-{arrangement}"
            state = VariantState(replace(variant, name=name), work / name, run)
            spread = (arrangement, documents, shards, replicas)
            found.append(SpreadIndex(variant.index_name, *spread, state))
    return found
