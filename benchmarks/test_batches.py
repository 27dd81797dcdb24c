# ruff: noqa: D103, S101
"""Batches of 10,000 signatures, encoded and decoded on as many threads as numpy is allowed.

Run by ``OMP_NUM_THREADS=1 pytest benchmarks -o addopts="--import-mode=importlib"
--benchmark-only`` for the figures of one core.
"""

import numpy as np
import pytest

from imgsig.codecs import get_codec
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, VALUES, load_model
from imgsig.strips import HalfStrip

CODECS = ["base62", "packed", "three_per_byte", "bitplanes", "context"]


@pytest.fixture(scope="module")
def signatures() -> np.ndarray:
    """Signatures drawn from the context model: as real ones are, without any picture."""
    model, rng = load_model("context_v1"), np.random.default_rng(0)
    planes = model.new_planes(10_000)
    kept = np.empty((10_000, 272), dtype=np.int8)
    for step, precision in enumerate(PRECISIONS):
        drawn = rng.integers(0, 2**precision, 10_000)
        values = (drawn >= model.cumulative(step, planes)[1:-1]).sum(axis=0) - 2
        planes[:, step] = values == VALUES[:, np.newaxis]
        kept[:, edges().order[step]] = values
    return HalfStrip().restore(kept)


@pytest.mark.parametrize("codec_id", CODECS)
@pytest.mark.benchmark(group="encode 10,000", min_rounds=3)
def test_encode(benchmark, codec_id, signatures):
    codec = get_codec({"id": codec_id, "strip": "half"})
    assert len(benchmark(codec.encode_batch, signatures)) == len(signatures)


@pytest.mark.parametrize("codec_id", CODECS)
@pytest.mark.benchmark(group="decode 10,000", min_rounds=3)
def test_decode(benchmark, codec_id, signatures):
    codec = get_codec({"id": codec_id, "strip": "half"})
    stored = codec.encode_batch(signatures)
    np.testing.assert_array_equal(benchmark(codec.decode_batch, stored), signatures)
