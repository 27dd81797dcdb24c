import numpy as np
import pytest

from bench.kinds.codecs.crops import Crops, is_held_out, sign_crops
from imgsig import generate_signature


def test_the_first_of_each_photograph_is_whole(collection, crops):
    assert crops.is_whole.sum() == len(collection.photographs)
    assert len(crops.signatures) <= 13 * len(collection.photographs)
    whole = crops.signatures[crops.is_whole]
    for photo, signature in zip(collection.photographs, whole, strict=True):
        picture = np.asarray(collection.open(photo.id))
        np.testing.assert_array_equal(generate_signature(picture), signature)


@pytest.mark.slow
def test_is_the_same_every_time_and_on_any_number_of_cores(collection, crops):
    again = sign_crops(collection, count=12, jobs=2)
    np.testing.assert_array_equal(again.signatures, crops.signatures)
    assert again.source == crops.source
    other = sign_crops(collection, count=12, seed=1, jobs=1)
    assert not np.array_equal(other.signatures[:20], crops.signatures[:20])
    assert other.source != crops.source


def test_a_group_is_held_out_whole(crops):
    assert 0 < crops.is_held_out.sum() < len(crops.group)
    for group in np.unique(crops.group):
        assert set(crops.is_held_out[crops.group == group]) == {is_held_out(str(group))}


def test_about_two_of_five_groups_are_held_out():
    assert 350 < sum(is_held_out(f"group {number}") for number in range(1000)) < 450


def test_file_round_trips(crops, tmp_path):
    crops.save(tmp_path / "crops.npz")
    assert [file.name for file in tmp_path.iterdir()] == ["crops.npz"]
    again = Crops.load(tmp_path / "crops.npz")
    np.testing.assert_array_equal(again.signatures, crops.signatures)
    np.testing.assert_array_equal(again.group, crops.group)
    np.testing.assert_array_equal(again.is_whole, crops.is_whole)
    assert again.source == crops.source
