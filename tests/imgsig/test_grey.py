"""Grey levels of colours."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import rgb2gray

from imgsig.grey import blas_is_uniform, to_grey

SIZES = st.integers(1, 130)


@given(
    pixels=arrays(
        np.uint8, st.tuples(SIZES, SIZES, st.just(3)), elements=st.integers(0, 255), fill=st.just(9)
    ),
    order=st.sampled_from("CF"),
)
def test_grey_levels_of_bytes_are_those_of_scikit_image(pixels, order):
    laid_out = np.asarray(pixels, order=order)
    np.testing.assert_array_equal(to_grey(laid_out), rgb2gray(laid_out))


def test_this_blas_is_uniform():
    # False costs time only, but it should be known.
    assert blas_is_uniform()


@pytest.mark.parametrize("kernels", ["Nehalem", "Haswell", "SkylakeX"])
def test_the_kernels_of_openblas_are_uniform(kernels):
    code = "import sys; from imgsig.grey import blas_is_uniform; sys.exit(not blas_is_uniform())"
    environment = os.environ | {"OPENBLAS_CORETYPE": kernels}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    # Where the processor lacks the instructions, OpenBLAS ends with an illegal one.
    assert done.returncode in (0, -signal.SIGILL)
