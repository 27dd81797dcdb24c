"""Signing a collection."""

import numpy as np
import pytest
from rich.progress import Progress

from bench.experiment import load_experiment
from bench.sign import Signed, load_or_sign
from imgsig import generate_signature


@pytest.fixture(scope="module")
def experiment(made_experiment, tmp_path_factory):
    return load_experiment(made_experiment(tmp_path_factory.mktemp("sign"), "sign"))


@pytest.fixture(scope="module")
def signed(experiment, tmp_path_factory) -> Signed:
    return load_or_sign(experiment, tmp_path_factory.mktemp("signed"), Progress(disable=True))


def test_rows_and_signatures_belong_together(signed):
    assert len(signed.documents) == len(signed.database) == 60
    assert len(signed.queries) == len(signed.query_signatures) == 24
    assert signed.documents["doc"].tolist() == list(range(60))
    assert signed.queries["query"].tolist() == list(range(24))
    assert (signed.queries["in_database"] == (signed.queries["doc"] >= 0)).all()
    assert signed.documents["path"].str.len().eq(18).all()


def test_whole_photographs_are_signed_as_their_files(signed, experiment):
    folder = experiment.dataset.collection.removeprefix("folder:")
    whole = signed.documents[signed.documents["kind"] == "photo"]
    assert len(whole) >= 9
    for row in whole.itertuples():
        expected = generate_signature(f"{folder}/{row.photo}")
        np.testing.assert_array_equal(signed.database[row.doc], expected)


def test_relations_of_queries_to_documents(signed):
    queries, documents = np.indices((24, 60)).reshape(2, -1)
    relation = signed.relations(queries, documents).reshape(24, 60)
    for query in signed.queries.itertuples():
        right = np.flatnonzero(relation[query.query] == "right").tolist()
        assert right == ([query.doc] if query.in_database else [])
        photos = signed.documents["photo"].to_numpy()
        elsewhere = relation[query.query][photos != query.photo]
        assert set(elsewhere) <= {"wrong"}


def test_an_earlier_result_is_loaded(experiment, signed, tmp_path):
    first = load_or_sign(experiment, tmp_path, Progress(disable=True))
    (tmp_path / "database.npy").write_bytes((tmp_path / "query_signatures.npy").read_bytes())
    again = load_or_sign(experiment, tmp_path, Progress(disable=True))
    assert len(first.database) == 60
    assert len(again.database) == 24  # what is there is taken, nothing is signed again


def test_signing_is_the_same_every_time(experiment, signed, tmp_path):
    again = load_or_sign(experiment, tmp_path, Progress(disable=True))
    np.testing.assert_array_equal(again.database, signed.database)
    np.testing.assert_array_equal(again.query_signatures, signed.query_signatures)
    assert again.description == signed.description


def test_unreadable_files_are_told(signed):
    assert [file["file"] for file in signed.description["unreadable"]] == ["damaged.png"]
