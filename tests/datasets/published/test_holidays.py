"""Holidays."""

import pytest

from datasets import DatasetError
from datasets.published.holidays import open_holidays

FILES = ("100000.jpg", "100001.jpg", "100002.jpg", "100100.jpg", "100101.jpg")


@pytest.mark.parametrize("folder", ["jpg/", ""])
def test_the_first_of_each_group_asks_for_the_others(write, folder):
    names = [folder + name for name in FILES]
    collection = open_holidays(write(*names, "distractors/flickr/1.jpg"))
    assert collection.documents == (*names, "distractors/flickr/1.jpg")
    first, second = collection.queries
    assert (first.picture, first.right) == (names[0], (names[1], names[2]))
    assert (second.picture, second.right) == (names[3], (names[4],))
    assert first.ignored == (names[0],)
    assert first.label.id == "holidays"
    groups = [photo.group for photo in collection.photographs]
    assert groups == ["1000", "1000", "1000", "1001", "1001", "distractors/flickr/1.jpg"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("jpg/100001.jpg",), r"group 1000 has jpg/100001\.jpg but no query 100000\.jpg"),
        (("jpg/100000.jpg",), r"a query jpg/100000\.jpg and no right answer"),
        (("jpg/IMG_1.jpg",), r"jpg/IMG_1\.jpg is not named like"),
        (("pictures/100000.jpg",), r"no picture named like"),
    ],
)
def test_what_is_missing_or_odd_is_said(write, names, message):
    with pytest.raises(DatasetError, match=message):
        open_holidays(write(*names))
