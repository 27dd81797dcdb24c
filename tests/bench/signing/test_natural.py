"""Pairs that a collection brings and copies that are planted, from the folder to the relations."""

import numpy as np
import pytest
from numpy.random import default_rng
from PIL import Image
from pydantic import ValidationError
from rich.progress import Progress

from bench.signing.dataset import Dataset, Planted
from bench.signing.sign import load_or_sign
from imgsig import generate_signature


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pairs")
    for number in range(6):
        pixels = default_rng(number).integers(0, 256, (8, 12, 3), dtype="uint8")
        picture = Image.fromarray(pixels).resize((120, 80), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number}.png")
        if number < 2:
            picture.resize((60, 40)).save(folder / f"{number}-small.png")
    lines = ["query,match,how", "0-small.png,0.png,half", "1-small.png,1.png,half"]
    (folder / "pairs.csv").write_text("\n".join(lines))
    settings = Dataset(
        collection=f"folder:{folder}",
        documents=None,
        queries=6,
        natural_queries="all",
        planted=Planted(copies=[3], clusters=2, transforms=["png", "jpeg-75"]),
    )
    out = tmp_path_factory.mktemp("signed")
    return folder, load_or_sign(settings, out, Progress(disable=True))


def test_both_sorts_of_queries_are_told_apart(signed):
    folder, run = signed
    assert run.queries["origin"].tolist() == ["made"] * 6 + ["natural"] * 2
    natural = run.queries[run.queries["origin"] == "natural"]
    assert natural["original"].tolist() == ["0-small.png", "1-small.png"]
    assert set(natural["transform"]) == {"half"}
    for query in natural.itertuples():
        expected = generate_signature(f"{folder}/{query.photo}")
        np.testing.assert_array_equal(run.query_signatures[query.query], expected)


def test_all_copies_of_a_picture_are_right_and_so_is_the_match_of_a_pair(signed):
    _, run = signed
    assert len(run.database) == 6 + 2 * 3
    assert (run.documents["copy"] != "").sum() == 6
    queries, documents = np.indices((8, 12)).reshape(2, -1)
    relation = run.relations(queries, documents).reshape(8, 12)
    originals = run.documents["original"].to_numpy()
    for query in run.queries.itertuples():
        wanted = query.original.replace("-small", "")
        np.testing.assert_array_equal(relation[query.query] == "right", originals == wanted)
        assert query.n_right == (originals == wanted).sum()
    assert (relation == "wrong").any()
    assert run.documents["path"].is_unique


def test_documents_and_queries_have_a_texture_and_its_decile(signed):
    _, run = signed
    assert (run.documents["texture"] > 0).all()
    assert run.documents["texture_decile"].between(1, 10).all()
    of = run.documents.drop_duplicates("original").set_index("original")["texture"]
    made = run.queries[run.queries["origin"] == "made"]
    np.testing.assert_array_equal(made["texture"], of.loc[made["original"]])


def test_what_came_later_is_no_part_of_older_identities():
    later = {"natural_queries", "planted", "missing_sources"}
    assert not later & Dataset().model_dump().keys()
    asked = Dataset(natural_queries=5, planted=Planted(), missing_sources="allow")
    assert later <= asked.model_dump().keys()


def test_a_run_that_searches_for_nothing_is_refused():
    with pytest.raises(ValidationError, match="searches for nothing"):
        Dataset(queries=0)
