"""Two small indices and queries for them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from bench.index.build import create_index, load_documents
from bench.index.variant import Variant
from bench.signing.sign import Signed
from tests.shared import WORKER


@dataclass(frozen=True)
class Loaded:
    """Indices, the first the largest, and what was put into them."""

    variants: list[Variant]
    signed: Signed


def made_signed(signatures: np.ndarray) -> Signed:
    """Queries are documents 0 … 19, of which two are said to have no answer, and a failed one."""
    n, m = len(signatures), 21
    place = {"left": -1, "upper": -1, "right": -1, "lower": -1}
    names = [f"photo-{i}" for i in range(n)]
    documents = pd.DataFrame(
        {"doc": np.arange(n), "original": names, "photo": names, "group": names}
    )
    queries = (
        documents.iloc[:m]
        .drop(columns="doc")
        .assign(query=np.arange(m), doc=np.arange(m), in_database=True, status="ok")
    )
    away = queries["query"].isin([3, 7])
    queries.loc[away, ["original", "photo", "group"]] = "elsewhere"
    queries.loc[away, "in_database"] = False
    queries.loc[20, "status"] = "failed"
    return Signed(
        documents.assign(**place), queries.assign(**place), signatures, signatures[:m], {}
    )


@pytest.fixture(scope="module")
def loaded(engine, signatures) -> Iterator[Loaded]:
    """Two indices of this process, loaded and searchable."""
    variants = [
        Variant(63, 16, {"id": codec}, name=name)
        for name, codec in ((f"cost{WORKER}_array", "int_array"), (f"cost{WORKER}_none", "none"))
    ]
    for variant in variants:
        create_index(engine.client, variant, "run")
        load_documents(engine.client, variant, signatures)
    yield Loaded(variants, made_signed(signatures))
    for variant in variants:
        engine.client.indices.delete(index=variant.index_name)
