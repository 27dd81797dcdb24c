"""Hashes are of the pixels that signatures are of."""

import numpy as np
import pandas as pd
import pytest
from rich.progress import Progress

from bench.kinds.hashes.hashing import Hashing, job_pictures
from bench.peers.hashes import Hash
from bench.runs.errors import MeasurementError
from bench.runs.folder import write_parquet
from bench.signing.dataset import Dataset
from bench.signing.sign import load_or_sign
from imgsig import generate_signature

MADE = Hash("made", 16, "made")


@pytest.fixture(scope="module")
def settings(made_experiment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hashing")
    made_experiment(folder, "hashing")
    asked = {"documents": 20, "tiles": [128], "queries": 8, "no_match_share": 0.25}
    asked["transforms"] = ["jpeg-30", "crop-10"]
    return Dataset(collection=f"folder:{folder / 'pictures'}", **asked)


@pytest.fixture(scope="module")
def signed(settings, tmp_path_factory):
    return load_or_sign(settings, tmp_path_factory.mktemp("signed"), Progress(disable=True))


def test_every_picture_has_the_signature_that_was_signed(settings, signed):
    hashing = Hashing(settings, signed)
    seen = {"document": set(), "query": set()}
    for job in hashing.jobs:
        for row, picture in job_pictures(hashing._pictures, job):
            number = row["number"]
            seen[row["role"]].add(number)
            own = generate_signature(np.asarray(picture))
            if row["role"] == "query":
                expected = signed.query_signatures[number]
            else:
                expected = signed.database[signed.documents["doc"].iloc[number]]
            np.testing.assert_array_equal(own, expected)
    assert seen == {"document": set(range(20)), "query": set(range(8))}


def _chunks(hashing, folder, digits):
    rows = [
        {**row, "made": f"{7 * row['number']:0{digits}x}"}
        for job in hashing.jobs
        for row, _ in job_pictures(hashing._pictures, job)
    ]
    write_parquet(folder / "00000.parquet", pd.DataFrame(rows))


def test_what_an_earlier_start_has_hashed_is_taken(settings, signed, tmp_path):
    hashing, done = Hashing(settings, signed), []
    _chunks(hashing, tmp_path, 4)
    documents, queries = hashing.hash_all(None, [MADE], tmp_path, done.append)["made"]
    assert sum(done) == len(hashing.jobs)
    numbers = documents.view(np.uint8).astype(int) @ [256, 1]
    assert numbers.tolist() == [7 * number for number in range(20)]
    assert (queries.view(np.uint8).astype(int) @ [256, 1]).tolist() == [7 * n for n in range(8)]


def test_a_hash_of_other_bits_than_its_row_says_is_an_error(settings, signed, tmp_path):
    hashing = Hashing(settings, signed)
    _chunks(hashing, tmp_path, 8)
    with pytest.raises(MeasurementError, match="made has 32 bits, not 16; correct its row"):
        hashing.hash_all(None, [MADE], tmp_path, lambda done: None)
