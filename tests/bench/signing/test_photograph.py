"""Signing one photograph."""

import io

import numpy as np
import pytest
from numpy.random import default_rng
from PIL import Image

from bench.signing.photograph import SigningJob, sign_photograph, signing_jobs
from datasets import open_collection
from datasets.collection import Original, PictureFiles
from datasets.queries import Label, Query, QueryPlan
from datasets.transforms import get_transform
from imgsig import SignatureConfig, generate_signature

CONFIG = SignatureConfig()


class Made(PictureFiles):
    """One picture, a damaged one and one that cannot be read; counts what is asked of it."""

    def __init__(self) -> None:
        pixels = default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
        stored = io.BytesIO()
        Image.fromarray(pixels).save(stored, "PNG")
        self.files = {"whole": stored.getvalue(), "damaged": stored.getvalue()[:200]}
        self.reads = 0

    def read_bytes(self, photo_id: str) -> bytes:
        self.reads += 1
        if photo_id not in self.files:
            raise PermissionError(13, "Permission denied", photo_id)
        return self.files[photo_id]


def query(number: int, transform: str | None) -> Query:
    edit = Label("strong", "strong") if transform is None else get_transform(transform)
    return Query(number, 0, edit, seed=5, in_database=True, half="tune")


def test_files_are_signed_as_they_are_and_the_rest_by_its_pixels():
    made, whole = Made(), Original("whole", "whole", "g")
    tile = Original("tile", "whole", "g", (10, 0, 60, 50))
    job = SigningJob(
        "whole", ((3, whole), (4, tile)), ((query(0, None), whole), (query(1, "crop-20"), tile))
    )
    documents, queries = sign_photograph(made, job, CONFIG)
    assert [(row, reason) for row, _, reason, _ in [*documents, *queries]] == [
        (3, ""),
        (4, ""),
        (0, ""),
        (1, ""),
    ]
    of_file = generate_signature(made.files["whole"])
    cut = made.open("whole").crop((10, 0, 60, 50))
    edited = get_transform("crop-20")(cut, default_rng(5))
    expected = (of_file, generate_signature(np.asarray(cut)))
    for (_, signature, _, _), right in zip(documents, expected, strict=True):
        np.testing.assert_array_equal(signature, right)
    expected = (of_file, generate_signature(np.asarray(edited)))
    for (_, signature, _, _), right in zip(queries, expected, strict=True):
        np.testing.assert_array_equal(signature, right)


def test_a_picture_that_is_document_and_query_is_read_once():
    made, whole = Made(), Original("whole", "whole", "g")
    sign_photograph(made, SigningJob("whole", ((0, whole),), ((query(0, None), whole),)), CONFIG)
    assert made.reads == 1


@pytest.mark.parametrize(
    ("photo", "reason"),
    [("damaged", "cannot be decoded"), ("closed", "the file cannot be read: Permission denied")],
)
def test_what_cannot_be_read_has_a_reason(photo, reason):
    original = Original(photo, photo, "g")
    job = SigningJob(photo, ((7, original),), ((query(2, None), original),))
    ((document,), (asked,)) = sign_photograph(Made(), job, CONFIG)
    assert (document[0], asked[0]) == (7, 2)
    for _, signature, why, texture in (document, asked):
        assert np.isnan(texture)
        assert signature is None
        assert reason in why


def test_every_photograph_of_the_plan_has_one_job(tmp_path):
    for name in "abcd":
        Image.linear_gradient("L").resize((8, ord(name))).save(tmp_path / f"{name}.png")
    collection = open_collection(f"folder:{tmp_path}")
    asked = [Query(n, place, Label("x", "x"), 0, True, "tune") for n, place in enumerate((1, 3, 1))]
    jobs = signing_jobs(collection, QueryPlan((3, 0), tuple(asked)))
    assert [job.photo for job in jobs] == ["a.png", "b.png", "d.png"]
    assert [[row for row, _ in job.documents] for job in jobs] == [[1], [], [0]]
    assert [[q.number for q, _ in job.queries] for job in jobs] == [[], [0, 2], [1]]
