"""Array types of the evaluation."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Weights = NDArray[np.int16]
"""How often each group is drawn: ``int16[resamples, groups]``."""
