"""Indices of others, beside which the harness works, and whether they are as they were."""

from collections.abc import Sequence
from typing import Any

from bench.engine.client import Client
from bench.index.build import MARK

#: Statistics of a shard that every write changes.
_NUMBERS = ("max_seq_no", "local_checkpoint")
#: Metadata of the cluster that every creation and deletion of an index changes. The others are
#: templates, pipelines and all that is like them.
_OF_ALL_INDICES = frozenset({"indices", "index-graveyard", "cluster_coordination", "version"})


def names_like(prefix: str) -> list[str]:
    """Names that begin as ours do, or that careless patterns for ours would match."""
    return [
        prefix,
        f"{prefix}_arra",
        f"{prefix}_array2",
        f"{prefix}_array-timed-2",
        f"{prefix}_array.copy",
        f".{prefix}_array",
        f".ds-{prefix}_array-2026.01.01-000001",
        "tester",
        "tester_str_old",
        "n20-k8-theirs",
    ]


class Bystanders:
    """Indices of others, each with three documents and an alias of its own.

    Parameters
    ----------
    client : Elasticsearch
        Straight to the cluster.
    names : sequence of str
        Of the indices; those that begin with a dot are hidden.
    runs : mapping of str to str
        Names of further indices that another run has built, and its key.
    """

    def __init__(self, client: Client, names: Sequence[str], **runs: str) -> None:
        self._client = client
        self._names = [*names, *runs]
        for name in self._names:
            mark = {MARK: {"run": runs[name]}} if name in runs else {"team": "theirs"}
            settings: dict[str, Any] = {"number_of_replicas": 0, "hidden": name.startswith(".")}
            client.indices.create(
                index=name,
                settings=settings,
                mappings={"_meta": mark, "properties": {"n": {"type": "long"}}},
                aliases={f"alias-of-{name.strip('.')}": {}},
            )
            for number in range(3):
                client.index(index=name, id=str(number), document={"n": number})
            client.indices.refresh(index=name)
        self._before = self.state()

    def state(self) -> dict[str, Any]:
        """Documents, mappings, settings, aliases, sequence numbers; and what is of no index."""
        metadata = self._client.cluster.state(metric="metadata")["metadata"]
        found: dict[str, Any] = {k: v for k, v in metadata.items() if k not in _OF_ALL_INDICES}
        found["settings of the cluster"] = self._client.cluster.get_settings().body
        for name in self._names:
            stats = self._client.indices.stats(index=name, level="shards", expand_wildcards="all")
            found[name] = {
                "is": self._client.indices.get(index=name, expand_wildcards="all").body,
                "documents": self._client.count(index=name)["count"],
                "numbers": [
                    [copy["seq_no"][number] for number in _NUMBERS]
                    for copies in stats["indices"][name]["shards"].values()
                    for copy in copies
                ],
            }
        return found

    def changed(self) -> list[str]:
        """What is not as it was."""
        now = self.state()
        return [name for name, before in self._before.items() if now.get(name) != before]

    def remove(self) -> None:
        """Delete them."""
        for name in self._names:
            self._client.indices.delete(index=name, ignore_unavailable=True)
