"""The model of synthetic documents is trained and compared once, and kept only where it is like."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.synthetic import prepare
from bench.kinds.synthetic.prepare import TABLES, with_synthetic
from bench.kinds.synthetic.sections import Synthetic
from bench.runs.errors import MeasurementError
from bench.signing.sign import Signed
from imgsig import WordScheme
from tests.bench.kinds.synthetic.conftest import draw

REAL, COUNT = 300, 400
LOOSE = Synthetic(seen=100, words_tolerance=0.9, pairs_factor=1e9, score_factor=1e9)


@pytest.fixture(scope="module")
def signed(unguided):
    real = draw(unguided, REAL)
    documents = pd.DataFrame(
        {"doc": np.arange(REAL), "group": [f"scene-{n // 2}" for n in range(REAL)]}
    )
    return Signed(documents, pd.DataFrame(), real, real[:0], {})


def test_a_model_is_trained_once_and_draws_the_same(signed, tmp_path, monkeypatch):
    first = with_synthetic(signed, LOOSE, WordScheme(), COUNT, tmp_path)
    np.testing.assert_array_equal(first[:REAL], signed.database)
    assert all(len(pd.read_parquet(tmp_path / f"{name}.parquet")) for name in TABLES)

    def again(*_, **__):
        raise RuntimeError("trained again")

    monkeypatch.setattr(prepare, "train_on", again)
    second = with_synthetic(signed, LOOSE, WordScheme(), COUNT, tmp_path)
    np.testing.assert_array_equal(second[:], first[:])


def test_documents_that_are_unlike_are_refused_and_leave_no_model(signed, tmp_path):
    strict = LOOSE.model_copy(update={"words_tolerance": 1e-9})
    with pytest.raises(MeasurementError, match="synthetic documents are not like the real ones"):
        with_synthetic(signed, strict, WordScheme(), COUNT, tmp_path)
    assert list(tmp_path.iterdir()) == []
