"""Indices as image-match writes them: no mapping, its field names."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from bench.engine.client import Client
from bench.migrate import Migrated, MigrationPlan, Pace, Wanted, begin, perform, plan_migration
from bench.migrate.dynamic_mapping import DynamicMapping
from bench.migrate.source import Source
from imgsig import get_words
from imgsig.codecs import get_codec
from tests.shared import WORKER, bulk

SETTINGS = {"number_of_shards": 2, "number_of_replicas": 0, "refresh_interval": "50ms"}


def make_record(
    number: int, signature: np.ndarray, stored: Any, k: int = 16, N: int = 63
) -> dict[str, Any]:
    """A document as image-match's driver makes it; every third has metadata."""
    document: dict[str, Any] = {"path": f"https://example.org/{number}.jpg"}
    if stored is not None:
        document["signature"] = stored
    if number % 3 == 0:
        document["metadata"] = {"category": "art", "tags": ["b", "a"], "année": number / 2}
    words = get_words(signature, k=k, N=N).tolist()
    document |= {f"simple_word_{i}": word for i, word in enumerate(words)}
    document["timestamp"] = f"2016-03-04T12:34:56.{number:06d}"
    return document


@dataclass
class Made:
    """An index made for a test, and the new ones made of it."""

    client: Client
    index: str
    signatures: np.ndarray
    targets: list[str] = field(default_factory=list)

    def add(self, numbers: Sequence[int], codec: str = "int_array", **changes: Any) -> None:
        """Index these signatures as documents d0, d1, …, with some fields changed."""
        encode = get_codec({"id": codec}).encode
        actions = [
            {
                "_id": f"d{n}",
                **make_record(n, self.signatures[n], encode(self.signatures[n])),
                **changes,
            }
            for n in numbers
        ]
        bulk(self.client, actions, index=self.index, refresh=True)

    def plan(self, to: str = "tagged_column", **wanted: Any) -> MigrationPlan:
        """MigrationPlan to migrate into a new index, which is deleted after the test."""
        name = wanted.pop("name", f"{self.index}-new-{len(self.targets)}")
        self.targets.append(name)
        return plan_migration(self.client, Wanted(self.index, to, name=name, **wanted))

    def perform(self, plan: MigrationPlan, **options: Any) -> Migrated:
        """Migrate, or go on."""
        progress = begin(self.client, plan)
        return perform(self.client, plan, progress, Pace(batch=37), **options)


def _made(client: Client, index: str, signatures: np.ndarray) -> Iterator[Made]:
    client.indices.create(index=index, settings=SETTINGS)
    made = Made(client, index, signatures)
    yield made
    for name in [index, *made.targets]:
        client.indices.delete(index=name, ignore_unavailable=True)


@pytest.fixture(scope="package")
def arrays(engine, signatures) -> Iterator[Made]:
    """290 documents with signatures as arrays in two shards; only read by the tests."""
    for made in _made(engine.client, f"migrate{WORKER}-arrays", signatures):
        made.add(range(290))
        yield made


@pytest.fixture
def fresh(engine, index_name, signatures) -> Iterator[Made]:
    """An empty index for one test."""
    yield from _made(engine.client, index_name, signatures)


@pytest.fixture(scope="session")
def as_source() -> Callable[..., Source]:
    """A function that makes what is known of an index, of its documents."""

    def make(documents: Sequence[dict[str, Any]], N: int = 63, **facts: Any) -> Source:
        hits = [
            {"_id": f"d{i}", "_seq_no": i, "_source": document}
            for i, document in enumerate(documents)
        ]
        found = DynamicMapping()
        for document in documents:
            found.add(document)
        known: dict[str, Any] = {
            "index": "tester",
            "uuid": "u",
            "documents": len(hits),
            "index_documents": len(hits),
            "store_bytes": 1000 * len(hits),
            "shards": 1,
            "replicas": 0,
            "aliases": {},
            "properties": found.properties() | {"signature": {"type": "long"}},
            "refresh_seconds": 1.0,
            "until": {0: len(hits) - 1},
            "client": None,  # nothing is asked of it
        }
        return Source(**{**known, **facts}, N=N, sample=hits)

    return make


@pytest.fixture(scope="session")
def records(signatures) -> Callable[..., list[dict[str, Any]]]:
    """A function that makes documents of the first signatures, stored with a codec."""

    def make(count: int = 30, codec: Any = "int_array", **words: int) -> list[dict[str, Any]]:
        config = {"id": codec} if isinstance(codec, str) else codec
        encoder = get_codec(config)
        forms = encoder.encode_batch(signatures[:count])
        return [
            make_record(n, signatures[n], encoder.to_json(form), **words)
            for n, form in enumerate(forms)
        ]

    return make
