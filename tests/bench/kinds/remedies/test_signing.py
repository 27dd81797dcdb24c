"""What remedies store and ask is signed as it would be by itself."""

import numpy as np
import pytest
from numpy.random import default_rng
from rich.console import Console
from rich.progress import Progress

from bench.kinds.remedies.made import Piece, copies
from bench.kinds.remedies.signing import Made, signing_samples
from bench.runs.errors import MeasurementError
from bench.signing.dataset import Dataset
from bench.signing.sign import choose, load_or_sign
from datasets.transforms import get_transform
from imgsig import SignatureConfig, generate_signature
from imgsig.index import ORIENTATIONS
from imgsig.index.orientations import oriented_signatures

EDITS = copies([Piece(0.8, 0, 0), Piece(0.8, 1, 1)], ORIENTATIONS[:2])


@pytest.fixture(scope="module")
def settings(collection):
    given = {"documents": "rest", "queries": 4, "no_match_share": 0.25, "transforms": ["resize-50"]}
    return Dataset.model_validate({"collection": collection.name, "tiles": [], **given})


@pytest.fixture(scope="module")
def signed(settings, tmp_path_factory):
    progress = Progress(console=Console(quiet=True))
    return load_or_sign(settings, tmp_path_factory.mktemp("signed"), progress, searches=True)


@pytest.fixture(scope="module")
def made(settings, signed):
    made = Made(settings, signed, {one.id: one for one in EDITS})
    made.sign(lambda done: None)
    return made


def test_copies_stand_behind_their_picture(settings, signed, made):
    stored = made.stored(EDITS[:3])
    pictures = len(signed.database)
    assert stored.database.shape == (pictures * 4, 648)
    assert stored.picture.tolist() == np.repeat(range(pictures), 4).tolist()
    assert len(set(stored.paths)) == pictures
    assert stored.paths[5] == signed.paths[1]
    np.testing.assert_array_equal(stored.database[::4], signed.database)
    collection, _ = choose(settings)
    for document in (0, pictures - 1):
        photo = signed.documents.set_index("doc").loc[document, "photo"]
        for place, edit in enumerate(EDITS[:3], 1):
            alone = generate_signature(np.asarray(edit(collection.open(photo), default_rng(0))))
            np.testing.assert_array_equal(stored.database[4 * document + place], alone)


def test_nothing_is_stored_besides_where_there_is_no_edit(signed, made):
    np.testing.assert_array_equal(made.stored([]).database, signed.database)


def test_a_query_is_turned_after_it_was_edited(settings, signed, made):
    collection, _ = choose(settings)
    for row, query in enumerate(signed.queries.to_dict("records")):
        edit = get_transform(query["transform"])
        edited = edit(collection.open(query["photo"]), default_rng(query["seed"]))
        alone = oriented_signatures(np.asarray(edited), SignatureConfig(), ORIENTATIONS)
        for orientation in ORIENTATIONS:
            np.testing.assert_array_equal(made.asked(orientation)[row], alone[orientation])


def test_pictures_that_have_changed_are_refused(settings, signed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(signed.description, "sha256", "0" * 64)
        with pytest.raises(MeasurementError, match="delete the run's folder"):
            Made(settings, signed, {})


def test_signing_is_timed_list_by_list(made):
    photos = [job.photo for job in made.jobs][:3]
    done = []
    samples = signing_samples(made.pictures, photos, {"one": [], "two": EDITS[:1]}, done.append)
    assert samples["made"].tolist() == ["one"] * 3 + ["two"] * 3
    assert samples["picture"].tolist() == photos * 2
    assert samples["signatures"].tolist() == [1] * 3 + [2] * 3
    assert (samples["seconds"] > 0).all()
    assert len(done) == 4  # the first is off the record, once
