"""A finished sweep of three schemes, of which every figure is known by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.outputs import make_table
from bench.kinds.sweep.by_cutoff import BY_CUTOFF
from bench.runs.folder import RunFolder, write_json

#: What the sizes of a made sweep are said to be measured on.
ENGINE = {"name": "elasticsearch", "version": "9.2.4"}

NAN = float("nan")
#: variant, ranking, min_score, cutoff, wrong, rate_high, tail, tail_low, tail_high, recall, its low
ROWS = [
    ("8x8", "score", 2, 2, 4000, 2.2e-4, NAN, NAN, NAN, 0.95, 0.93),
    ("8x8", "score", 4, 4, 20, 1.6e-6, 1e-6, 0.5e-6, 2e-6, 0.80, 0.76),
    ("8x8", "score", 6, 6, 0, 1.5e-7, 1e-9, 1e-10, 1e-8, 0.60, 0.55),
    ("32x8", "score", 8, 8, 0, 1.5e-7, 1e-9, 1e-10, 1e-8, 0.90, 0.86),
    ("32x8", "score", 12, 12, 0, 1.5e-7, 1e-12, 1e-13, 1e-11, 0.85, 0.81),
    ("32x8", "sign_distance", 1, 0.3, 0, 1.5e-7, 1e-12, 1e-13, 1e-11, 0.97, 0.95),
    ("128x8", "score", 30, 30, 0, 1.5e-7, NAN, NAN, NAN, 0.99, 0.98),
]
SIZES = [("8x8", 100.0), ("32x8", 200.0), ("128x8", 400.0)]
PAIRS = 20_000_000


def row_of(variant, ranking, least, cutoff, wrong, high, tail, tail_low, tail_high, recall, low):
    """One row as a sweep writes it: 1,000 queries, each with one answer, and 20,000 documents."""
    return {
        "variant": variant,
        "ranking": ranking,
        "cutoff": cutoff,
        "queries": 1000,
        "documents": 20_000,
        "wrong_pairs": wrong,
        "exposures": PAIRS,
        "rate": wrong / PAIRS,
        "rate_low": 0.0,
        "rate_high": high,
        "tail_rate": tail,
        "tail_low": tail_low,
        "tail_high": tail_high,
        "incomplete": 0,
        "right_pairs": round(1000 * recall),
        "right_answers": 1000,
        "recall": recall,
        "recall_low": low,
        "recall_high": min(1.0, 2 * recall - low),
        "min_score": least,
    }


@pytest.fixture(scope="session")
def counted() -> pd.DataFrame:
    """The table ``by_cutoff``."""
    return make_table(pd.DataFrame([row_of(*row) for row in ROWS]), BY_CUTOFF)


@pytest.fixture(scope="session")
def known(counted, histogram) -> pd.DataFrame:
    """Rows for `bench.advise.choices.choices`: a million images, of which a tenth shares a word."""
    beyond = histogram.groupby("variant")["pairs"].transform(lambda own: own[::-1].cumsum())
    share = histogram.assign(share=beyond / PAIRS).set_index(["variant", "score"])["share"]
    keys = pd.MultiIndex.from_frame(counted[["variant", "min_score"]])
    sizes = counted["variant"].map(dict(SIZES))
    return counted.assign(
        candidates=share.reindex(keys).to_numpy() * 1_000_000,
        least_documents=0,
        layout="tagged_long",
        bytes_per_document=sizes,
    )


@pytest.fixture(scope="session")
def histogram() -> pd.DataFrame:
    """The table ``wrong_pairs``: a tenth of all pairs shares a word, each word fewer by ten."""
    parts = []
    for variant, N in (("8x8", 8), ("32x8", 32), ("128x8", 128)):
        beyond = np.floor(PAIRS * 10.0 ** -np.arange(N + 1))
        pairs = -np.diff(beyond, append=0).astype(np.int64)
        parts.append(
            pd.DataFrame({"score": np.arange(N + 1), "pairs": pairs}).assign(variant=variant)
        )
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def sweep_folder(tmp_path_factory, counted, histogram) -> Path:
    """A finished sweep, as `bench.kinds.sweep.kind` writes it; of each scheme two layouts."""
    folder = RunFolder(tmp_path_factory.mktemp("advise") / "sweep")
    schemes = pd.DataFrame({"variant": [name for name, _ in SIZES], "N": [8, 32, 128], "k": 8})
    schemes = schemes.assign(alphabet="ternary", spacing="even", strip="none")
    schemes = pd.concat(
        [
            schemes.assign(measure=measure, ranking=ranking)
            for ranking in ("score", "sign_distance")
            for measure in ("uAP", "mAP")
        ]
    )
    sizes = pd.DataFrame(
        [
            (name, layout, size * factor, size * factor * 0.9, size * factor * 1.2, "predicted")
            for name, size in SIZES
            for layout, factor in (("dynamic", 5), ("tagged_long", 1))
        ],
        columns=[
            "variant", "layout", "bytes_per_document", "bytes_low", "bytes_high", "size_source",
        ],
    )  # fmt: skip
    tables = {
        "by_cutoff": counted,
        "wrong_pairs": histogram,
        "sweep": schemes.merge(sizes[sizes["layout"] == "tagged_long"]),
        "sizes": sizes,
    }
    entries = {name: folder.write_table(name, table) for name, table in tables.items()}
    manifest = {
        **dict.fromkeys(("name", "title", "run", "finished", "config_text"), "made"),
        **{part: {} for part in ("config", "code", "seconds")},
        "format": 1,
        "kind": "sweep",
        "engine": ENGINE,
        "dataset": {"collection": "made", "documents": 20_000},
        "machine": {"cores": 2},
        "tables": entries,
    }
    write_json(folder.path / "manifest.json", manifest)
    return folder.path
