"""Training of the context model."""

import joblib
import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from bench.kinds.context_model.neighbors import neighbors
from bench.kinds.context_model.network import Network, train_network
from bench.kinds.context_model.rounding import rounded_model
from datasets.parallel import interrupts_held
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import ContextModel
from imgsig.grid import Grid
from imgsig.strips import HalfStrip


def coded_values(signatures: NDArray[np.int8]) -> NDArray[np.int8]:
    """Regular signatures in coding order, with a column of zeros: ``int8[m, 273]``."""
    values = HalfStrip(Grid()).keep(signatures)[:, edges().order]
    return np.pad(values, ((0, 0), (0, 1)))


def mirrored(signatures: NDArray[np.int8]) -> NDArray[np.int8]:
    """Signatures of the pictures with left and right exchanged."""
    points = signatures.reshape(-1, 9, 9, 8)
    return points[:, :, ::-1][..., [2, 1, 0, 4, 3, 7, 6, 5]].reshape(len(signatures), -1)


def train_model(
    signatures: NDArray[np.int8],
    *,
    count: int = 14,
    units: int = 24,
    epochs: float = 8.0,
    seed: int = 0,
    jobs: int = -1,
) -> ContextModel:
    """Train the four networks on signatures and their mirror images.

    Parameters
    ----------
    signatures : ndarray
        ``int8[m, 648]``, regular.
    jobs : int
        Processes, one thread each; −1 is one a core.
    """
    values = coded_values(np.concatenate((signatures, mirrored(signatures))))
    offsets = neighbors(count)

    def one(way: int) -> Network:
        return train_network(values, offsets[way], way, units=units, epochs=epochs, seed=seed)

    # One thread each: sums in a fixed order, so the same model every time.
    one_thread = joblib.parallel_config("loky", inner_max_num_threads=1)
    with one_thread, Progress() as progress:
        task = progress.add_task("training", total=len(offsets))
        networks = []
        with interrupts_held():
            parallel = joblib.Parallel(n_jobs=jobs, return_as="generator")
            trained = parallel(joblib.delayed(one)(way) for way in range(len(offsets)))
        for network in trained:
            networks.append(network)
            progress.advance(task)
    return rounded_model(networks, offsets)
