"""UKBench."""

import pytest

from datasets import DatasetError
from datasets.published.ukbench import open_ukbench


def names(*numbers: int, folder: str = "full/") -> list[str]:
    return [f"{folder}ukbench{number:05}.jpg" for number in numbers]


@pytest.mark.parametrize("folder", ["full/", "ukbench/full/", ""])
def test_every_picture_asks_for_the_four_of_its_object(write, folder):
    files = names(*range(4), *range(8, 12), folder=folder)
    collection = open_ukbench(write(*files))
    assert collection.documents == tuple(files)
    assert [query.picture for query in collection.queries] == files
    for place, query in enumerate(collection.queries):
        assert set(query.right) == set(files[place // 4 * 4 :][:4])
        assert query.right[-1] == query.picture  # the N-S score counts it
        assert query.ignored == ()
    assert [photo.group for photo in collection.photographs] == ["00000"] * 4 + ["00008"] * 4


def test_distractors_are_indexed_and_in_groups_of_their_own(write):
    collection = open_ukbench(write(*names(0, 1, 2, 3), "distractors/z.webp"))
    assert collection.documents[-1] == "distractors/z.webp"
    assert collection.photographs[-1].group == "distractors/z.webp"
    assert len(collection.queries) == 4


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (names(0, 1, 3), r"3 of the 4 pictures from ukbench00000\.jpg on .*ukbench00003\.jpg; add"),
        (names(0, 1, 2, 3, 4), r"1 of the 4 pictures from ukbench00004\.jpg on"),
        (["full/00000.jpg"], r"full/00000\.jpg is not named like"),
        (["x/ukbench00000.jpg"], "no picture named like"),
    ],
)
def test_what_is_missing_or_odd_is_said(write, files, message):
    with pytest.raises(DatasetError, match=message):
        open_ukbench(write(*files))
