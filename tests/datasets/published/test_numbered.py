"""Copydays, Holidays and UKBench."""

import math

import pytest

from datasets import DatasetError
from datasets.published.numbered import open_copydays, open_holidays, open_ukbench

ORIGINALS = ("original/200000.jpg", "original/200100.jpg")
COPIES = (
    *("jpegqual/75/200000.jpg", "jpegqual/75/200100.jpg"),
    *("jpegqual/3/200000.jpg", "jpegqual/3/200100.jpg"),
    *("crops/50/200000.jpg", "crops/50/200100.jpg"),
    *("strong/200001.jpg", "strong/200101.jpg", "strong/200102.jpg"),
)


def test_every_copy_is_a_query_for_its_original(write):
    collection = open_copydays(write(*ORIGINALS, *COPIES, "distractors/a.png"))
    assert collection.documents == (*ORIGINALS, "distractors/a.png")
    assert {query.picture for query in collection.queries} == set(COPIES)
    for query in collection.queries:
        block = query.picture[-10:-6]
        assert query.right == (f"original/{block}00.jpg",)
        assert query.ignored == ()
        assert collection.photograph(query.picture).group == block
        assert collection.photograph(query.right[0]).group == block
    assert collection.photograph("distractors/a.png").group == "distractors/a.png"


def test_copies_are_labelled_by_kind_and_strength(write):
    collection = open_copydays(write(*ORIGINALS, *COPIES))
    labels = list(dict.fromkeys(query.label for query in collection.queries))
    assert [label.id for label in labels] == ["jpeg/3", "jpeg/75", "crops/50", "strong"]
    families = ["copydays-jpeg", "copydays-jpeg", "copydays-crop", "copydays-strong"]
    assert [label.family for label in labels] == families
    assert [label.strength for label in labels[:3]] == [3, 75, 50]
    assert math.isnan(labels[3].strength)


def test_folders_may_be_called_as_the_archives(write):
    root = write(
        *("copydays_original/200000.jpg", "copydays_strong/200007.jpg"),
        *("copydays_jpeg/jpegqual/8/200000.jpg", "copydays_crop/crops/10/200000.jpg"),
    )
    collection = open_copydays(root)
    assert [query.label.id for query in collection.queries] == ["jpeg/8", "crops/10", "strong"]


def test_originals_may_lie_in_the_folder_itself(write):
    collection = open_copydays(write("200000.jpg", "strong/200001.jpg"))
    assert collection.documents == ("200000.jpg",)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (COPIES, r"no picture named like .* there is crops, jpegqual, strong"),
        (ORIGINALS, "no copies in .*none of strong, jpegqual and crops"),
        (
            (*ORIGINALS, "strong/200301.jpg"),
            r"strong/200301\.jpg has no original 200300\.jpg",
        ),
        (
            (*ORIGINALS, "crops/80/200100.jpg"),
            r"has 1 copies of 2 originals; there is none of original/200000\.jpg",
        ),
        ((*ORIGINALS, "crops/half/200000.jpg"), "has a folder 'half'"),
        ((*ORIGINALS, "crops/200000.jpg"), "crops has no folder"),
        ((*ORIGINALS, "strong/x.jpg"), r"strong/x\.jpg is not named like"),
    ],
)
def test_what_is_missing_or_odd_in_copydays_is_said(write, names, message):
    with pytest.raises(DatasetError, match=message):
        open_copydays(write(*names))


FILES_OF_HOLIDAYS = ("100000.jpg", "100001.jpg", "100002.jpg", "100100.jpg", "100101.jpg")


@pytest.mark.parametrize("folder", ["jpg/", ""])
def test_the_first_of_each_group_asks_for_the_others(write, folder):
    names = [folder + name for name in FILES_OF_HOLIDAYS]
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
def test_what_is_missing_or_odd_in_holidays_is_said(write, names, message):
    with pytest.raises(DatasetError, match=message):
        open_holidays(write(*names))


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
def test_what_is_missing_or_odd_in_ukbench_is_said(write, files, message):
    with pytest.raises(DatasetError, match=message):
        open_ukbench(write(*files))
