"""What people claim of image-match's index and no committed run answers, measured.

``python -m tools.claims`` writes `RECORDED`, from which the guide's page of claims is made; see
``docs/guide/claims.py``. It takes some minutes, and an engine.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console

from bench.engine import open_engine
from bench.engine.catalog import engine_title
from bench.engine.client import Client
from bench.index.build import bulk_actions, check_count, send_actions, with_paths
from bench.index.storage import settle_and_measure
from bench.index.variant import Variant
from bench.runs.environment import describe_machine
from bench.runs.folder import write_bytes
from bench.signing.dataset import Dataset
from bench.signing.sign import load_or_sign
from datasets import Collection, open_collection
from imgsig import generate_signature
from imgsig.cli.terminal import make_progress
from imgsig.codecs import get_codec

#: What was measured last, committed.
RECORDED = Path(__file__).with_name("claims.csv")

#: Documents of the indices that are compared, and of the experiment that users published.
DOCUMENTS, FEW = 5_000, 100

#: Pictures of a turn, of those whose signatures are encoded in two ways.
AT_A_TIME = 3

#: Shards of an index by default, until Elasticsearch 7.
SHARDS_THEN = 5

#: What image-match's driver adds to every record, see `imgsig.compat.SignatureES`.
TIMESTAMP = {"timestamp": "2017-05-12T09:30:00.123456"}

#: A copy of every value in one text: what ``_all`` was, which Elasticsearch had until 6.0.
#: https://www.elastic.co/guide/en/elasticsearch/reference/5.4/mapping-all-field.html
EVERYTHING: Mapping[str, Any] = {
    "properties": {"everything": {"type": "text", "position_increment_gap": 0}},
    "dynamic_templates": [
        {
            "texts": {
                "match_mapping_type": "string",
                "mapping": {
                    "type": "text",
                    "copy_to": "everything",
                    "fields": {"keyword": {"type": "keyword", "ignore_above": 256}},
                },
            }
        },
        {
            "others": {
                "match_mapping_type": "*",
                "mapping": {"type": "{dynamic_type}", "copy_to": "everything"},
            }
        },
    ],
}

Record = dict[str, Any]


def short_names(record: Record) -> Record:
    """A record whose words are called ``w_0`` …, as a user tried.

    >>> short_names({"path": "a", "simple_word_0": 7})
    {'path': 'a', 'w_0': 7}
    """
    return {name.replace("simple_word_", "w_"): value for name, value in record.items()}


def _with_timestamp(record: Record) -> Record:
    return record | TIMESTAMP


#: What is changed of an index of image-match's, by name: its mapping and its records.
CHANGES: dict[str, tuple[Mapping[str, Any], Callable[[Record], Record]]] = {
    "none": ({}, dict),
    "w_ names": ({}, short_names),
    "timestamp": ({}, _with_timestamp),
    "timestamp and _all": (EVERYTHING, _with_timestamp),
}

#: Indices of image-match's by the codec of their signatures.
INDICES = {"tester": "int_array", "tester_str": "base62", "tester_none": "none"}

#: Types of the words' fields whose scores are compared.
TYPES: dict[str, Record] = {
    "long": {"type": "long"},
    "keyword, boolean similarity": {"type": "keyword", "similarity": "boolean"},
    "keyword": {"type": "keyword"},
}


def _create(client: Client, index: str, mappings: Mapping[str, Any], shards: int = 1) -> None:
    settings = {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "refresh_interval": "-1",
        "store.stats_refresh_interval": "0s",
    }
    client.indices.create(index=index, mappings=dict(mappings), settings=settings)


def _add(
    client: Client,
    index: str,
    signatures: NDArray[np.int8],
    start: int,
    stop: int,
    codec: str = "none",
    change: Callable[[Record], Record] = dict,
) -> None:
    variant = Variant(63, 16, {"id": codec})
    actions = bulk_actions(variant, with_paths(signatures, start, stop), start)
    changed = ({**action, "_source": change(action["_source"])} for action in actions)
    send_actions(client, index, changed)
    check_count(client, index, stop)


def measure_sizes(client: Client, signatures: NDArray[np.int8]) -> Iterator[Record]:
    """Bytes of indices with `CHANGES`, and of few documents in one shard and in five."""
    wanted = [
        (what, change, signatures, 1) for what in ("tester", "tester_none") for change in CHANGES
    ]
    wanted += [(what, "none", signatures[:FEW], n) for what in INDICES for n in (1, SHARDS_THEN)]
    for number, (what, change, of, shards) in enumerate(wanted):
        mappings, changed = CHANGES[change]
        _create(client, f"claims-{number}", mappings, shards)
        _add(client, f"claims-{number}", of, 0, len(of), INDICES[what], changed)
    for number, (what, change, of, shards) in enumerate(wanted):
        size = settle_and_measure(client, f"claims-{number}", len(of)).size
        row = {"index": what, "change": change, "documents": len(of), "shards": shards}
        yield {"what": "bytes", **row, "value": size.store_bytes}
        client.indices.delete(index=f"claims-{number}")


def measure_scores(
    client: Client, signatures: NDArray[np.int8], sizes: Sequence[int]
) -> Iterator[Record]:
    """Scores of documents of the smallest of some sizes for themselves, as their index grows."""
    words = Variant(63, 16, {"id": "none"}).scheme
    asked = words.words(signatures[: min(sizes)])
    for number, (kind, field) in enumerate(TYPES.items()):
        index = f"claims-scores-{number}"
        fields = {f"simple_word_{i}": field for i in range(words.N)}
        _create(client, index, {"properties": fields})
        last, before = 0, None
        for size in sizes:
            _add(client, index, signatures, last, size)
            scores = [_own_score(client, index, str(n), row) for n, row in enumerate(asked)]
            row = {"index": kind, "documents": size, "shards": 1}
            yield {"what": "score", **row, "value": fmean(scores)}
            if before is not None:
                fell = sum(now < then for now, then in zip(scores, before, strict=True))
                yield {"what": "scores that fell", **row, "value": fell / len(scores)}
            last, before = size, scores
        client.indices.delete(index=index)


def _own_score(client: Client, index: str, document: str, words: NDArray[np.int64]) -> float:
    clauses = [{"term": {f"simple_word_{i}": int(word)}} for i, word in enumerate(words)]
    answer = client.search(
        index=index,
        query={"bool": {"should": clauses, "filter": {"ids": {"values": [document]}}}},
    )
    return float(answer["hits"]["hits"][0]["_score"])


def measure_encoding(collection: Collection, files: int, turns: int) -> Iterator[Record]:
    """Encoding each signature when it is there, beside all of them afterwards: ratio of the times.

    Both ways take the same pictures in turn, a few at a time, so that whatever else the machine
    does meets both. The interval is a bootstrap's, of the median. ``share of encoding`` is what
    encoding takes of either.
    """
    encode = get_codec({"id": "base62"}).encode
    read = [collection.read_bytes(photo.id) for photo in collection.photographs[:files]]

    def while_generating(pictures: Sequence[bytes]) -> list[str]:
        return [encode(generate_signature(picture)) for picture in pictures]

    def afterwards(pictures: Sequence[bytes]) -> list[str]:
        signatures = [generate_signature(picture) for picture in pictures]
        return [encode(signature) for signature in signatures]

    if while_generating(read) != afterwards(read):
        raise RuntimeError("both ways must give the same")
    ratios, shares = [], []
    for turn in range(turns):
        pictures = [read[(AT_A_TIME * turn + n) % len(read)] for n in range(AT_A_TIME)]
        signatures = [generate_signature(picture) for picture in pictures]
        ways = (while_generating, afterwards) if turn % 2 else (afterwards, while_generating)
        taken = {way: _seconds(partial(way, pictures)) for way in ways}
        ratios.append(taken[while_generating] / taken[afterwards])
        shares.append(_seconds(partial(list, map(encode, signatures))) / min(taken.values()))
    drawn = np.random.default_rng(0).choice(ratios, (2_000, len(ratios)))
    low, high = np.quantile(np.median(drawn, axis=1), (0.025, 0.975))
    row = {"index": "base62", "documents": len(read)}
    told = {"value": median(ratios), "low": low, "high": high}
    yield {"what": "encoding while generating", **row, **told}
    yield {"what": "share of encoding", **row, "value": median(shares)}


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> None:
    """Measure all, and write `RECORDED`."""
    with tempfile.TemporaryDirectory() as folder, make_progress(Console(stderr=True)) as progress:
        signed = load_or_sign(Dataset(documents=DOCUMENTS, queries=10), Path(folder), progress)
        with open_engine(Path(folder) / "engine") as engine:
            rows = [
                *measure_sizes(engine.client, signed.database),
                *measure_scores(engine.client, signed.database, (FEW, DOCUMENTS)),
            ]
            on = engine_title(engine.describe())
    rows += measure_encoding(open_collection("photos", []), 60, 400)
    table = (
        pd.DataFrame(rows)
        .astype({"shards": "Int64"})
        .assign(on=on, processor=describe_machine()["processor"])
    )
    write_bytes(RECORDED, table.to_csv(index=False).encode())


if __name__ == "__main__":
    main()
