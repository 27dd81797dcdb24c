"""Copydays."""

import math

import pytest

from datasets import DatasetError
from datasets.published.copydays import open_copydays

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
def test_what_is_missing_or_odd_is_said(write, names, message):
    with pytest.raises(DatasetError, match=message):
        open_copydays(write(*names))
