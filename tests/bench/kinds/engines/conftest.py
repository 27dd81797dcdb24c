"""Tables of three engines as they would be measured: one lacks an index and tells no fields."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.index.storage import GHOST
from bench.kinds.engines.tables import differing_hits, summaries
from bench.kinds.sections import Resampling
from bench.runs.folder import RunFolder, write_json
from bench.search.verification import HIT, hits_digest

FIRST, SAME, OTHER = "Elasticsearch 9.2.4", "Elasticsearch 8.19.0", "OpenSearch 3.3.2"
LAYOUTS = {"tester": "dynamic", "column": "tagged_column", "vector": "vector_bit_flat"}
VARIANTS = tuple(LAYOUTS)
SETTINGS = Resampling(resamples=200)
#: Settled bytes of every index there is.
STORES = {
    (FIRST, "tester"): 40_000, (FIRST, "column"): 3_000, (FIRST, "vector"): 2_000,
    (SAME, "tester"): 40_000, (SAME, "column"): 3_100, (SAME, "vector"): 2_000,
    (OTHER, "tester"): 36_000, (OTHER, "column"): 2_900,
}  # fmt: skip


def made_hits() -> pd.DataFrame:
    """Three hits of two queries, the last two of each of equal score."""
    hits = pd.DataFrame(
        {"query": np.repeat([0, 1], 3), "rank": [0, 1, 2] * 2, "doc": [5, 6, 7, 1, 2, 3]}
    ).assign(score=[9, 4, 4] * 2)
    return hits.astype({"rank": np.int32, "score": np.int32})


def made_tables(others: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What was measured where the hits of `OTHER` in tester are these."""
    rows, fields = [], []
    for engine in (FIRST, SAME, OTHER):
        for variant in VARIANTS:
            store = STORES.get((engine, variant), np.nan)
            there, tells = not np.isnan(store), engine != OTHER
            hits = others if (engine, variant) == (OTHER, "tester") else made_hits()
            ghost = 50_000 if variant == "column" else 0
            rows.append(
                {
                    "engine": engine,
                    "variant": variant,
                    "layout": LAYOUTS[variant],
                    "lacks": "" if there else "vectors of bits",
                    "documents": 100,
                    "queries": 2,
                    "store_bytes": store,
                    "loaded_store_bytes": store + ghost + 500,
                    "tells_fields": tells and there,
                    "hits": float(len(hits)) if there else np.nan,
                    "hits_sha256": hits_digest(hits, HIT) if there else "",
                }
            )
            if tells:
                fields.append((engine, variant, "settled", "_source", "stored_fields", 900))
            if tells and ghost:
                fields.append((engine, variant, "loaded", GHOST, "stored_fields", ghost))
    named = [
        differing_hits(made_hits(), others).assign(engine=OTHER, variant="tester"),
    ]
    samples = _samples()
    return {
        "indices": pd.DataFrame(rows),
        "fields": pd.DataFrame(
            fields, columns=["engine", "variant", "moment", "field", "structure", "bytes"]
        ),
        "candidates": pd.concat([made_hits().assign(variant=name) for name in VARIANTS]),
        "differing": pd.concat(named),
        "search_samples": samples.assign(took_ms=np.floor(samples["latency_ms"])),
        "index_samples": samples.assign(documents=50, seconds=samples["latency_ms"] / 100),
    }


def _samples() -> pd.DataFrame:
    """Times of ten searches: `SAME` is as fast as the first, `OTHER` twice as fast."""
    parts = []
    for engine, variant in STORES:
        if engine == FIRST:
            continue
        noise = np.linspace(0.9, 1.1, 10)
        for measured, scale in ((FIRST, 8.0), (engine, 4.0 if engine == OTHER else 8.0)):
            times = scale * (noise if measured == FIRST else noise[::-1])
            part = pd.DataFrame({"latency_ms": times, "measured": measured})
            parts.append(part.assign(engine=engine, variant=variant))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def same_hits() -> dict[str, pd.DataFrame]:
    """Every engine has the same hits."""
    return made_tables(made_hits())


@pytest.fixture
def other_hits() -> dict[str, pd.DataFrame]:
    """One query of one index on one engine has others of a score, another score, and one less."""
    hits = made_hits()
    hits.loc[[1, 2], "doc"] = [17, 16]
    hits.loc[3, "score"] = 8
    return made_tables(hits.drop(index=5))


@pytest.fixture
def write_run(tmp_path):
    """Write tables, and those that follow from them, as a run's."""

    def write(
        raw: dict[str, pd.DataFrame], path: Path = tmp_path, called: str = "run"
    ) -> RunFolder:
        folder = RunFolder(path / called)
        folder.path.mkdir()
        write_json(folder.work / "config.json", {"bootstrap": SETTINGS.model_dump()})
        for name, table in (raw | summaries(raw, SETTINGS)).items():
            folder.write_table(name, table)
        return folder

    return write
