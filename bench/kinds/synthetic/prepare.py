"""As many documents as a run asks for: what is drawn is compared with the real ones, once."""

from pathlib import Path

import numpy as np
import pandas as pd

from bench.kinds.synthetic.documents import Documents, drawn
from bench.kinds.synthetic.likeness import compare_words, refuse_unlike
from bench.kinds.synthetic.model import SyntheticModel, train_on
from bench.kinds.synthetic.pairs import count_pairs, pairs_check
from bench.kinds.synthetic.sections import Synthetic
from bench.runs.folder import write_parquet, written_aside
from bench.signing.sign import Signed
from imgsig import WordScheme

#: Tables that `with_synthetic` leaves in the run's work, each a Parquet file.
TABLES = ("synthetic_check", "synthetic_positions", "synthetic_pairs")


def with_synthetic(
    signed: Signed, settings: Synthetic, scheme: WordScheme, count: int, work: Path
) -> Documents:
    """So many documents: the real ones first, then synthetic ones, whose model `work` keeps.

    Raises
    ------
    MeasurementError
        If synthetic documents are unlike the real ones.
    """
    real = signed.database
    path = work / "synthetic_model.npz"
    if path.is_file():
        with np.load(path, allow_pickle=False) as arrays:
            model = SyntheticModel.from_arrays(dict(arrays))
        return drawn(real, model, settings.seed, count)
    model = train_on(real, seen=settings.seen)
    documents = drawn(real, model, settings.seed, count)
    indexed = signed.documents[signed.documents["doc"] >= 0].sort_values("doc")
    groups = indexed["group"].to_numpy(dtype=np.str_)
    synthetic = documents.synthetic(len(real))[:]
    words, positions = compare_words(real, groups, synthetic, scheme, settings.words_tolerance)
    pairs = count_pairs(real, groups, synthetic)
    check = pd.concat([words, pairs_check(pairs, settings.factors)], ignore_index=True)
    refuse_unlike(check)
    for name, table in zip(TABLES, (check, positions, pairs), strict=True):
        write_parquet(work / f"{name}.parquet", table)
    with written_aside(path) as file:  # last: its presence says that the others are there
        np.savez(file, allow_pickle=False, **model.arrays())
    return documents
