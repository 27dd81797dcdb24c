# ruff: noqa: D103, S101
"""Signatures of made JPEGs and arrays, beside what only decoding takes.

Run by ``OMP_NUM_THREADS=1 pytest benchmarks -o addopts="--import-mode=importlib"
--benchmark-only`` for the figures of one core.
"""

import io

import numpy as np
import pytest
from PIL import Image

from bench.kinds.speed.alternation import made_picture
from bench.kinds.speed.decode_effect import jpeg_bytes
from imgsig import generate_signature

SIZES = {"0.4 megapixels": (516, 775), "10.8 megapixels": (2688, 4032)}


@pytest.fixture(scope="module", params=SIZES)
def jpeg(request) -> tuple[str, bytes]:
    """Name and file of a made JPEG."""
    return request.param, jpeg_bytes(made_picture(SIZES[request.param]))


def decode_alone(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.size


@pytest.mark.benchmark(min_rounds=5)
@pytest.mark.parametrize("what", ["decode alone", "exact", "fast"])
def test_jpeg(benchmark, jpeg, what):
    name, data = jpeg
    benchmark.group = f"JPEG of {name}"
    if what == "decode alone":
        assert benchmark(decode_alone, data) == SIZES[name]
    else:
        assert benchmark(generate_signature, data, decode=what).any()


@pytest.mark.benchmark(group="grey array of 3 megapixels")
@pytest.mark.parametrize("dtype", ["uint8", "float64"])
def test_grey_array(benchmark, dtype):
    grey = (np.random.default_rng(7).random((1500, 2000)) * 255).astype(dtype)
    assert benchmark(generate_signature, grey).any()
