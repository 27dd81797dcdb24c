"""Finding the files of a benchmark."""

import os

import pytest

from datasets import DatasetError
from datasets.published.tree import FileLayout, Tree

LAYOUT = FileLayout("made", "pictures/p01.jpg", "the paper")
NAME = r"p(\d{2})\.jpe?g"


def test_files_are_sorted_and_have_keys_and_sizes(write):
    root = write("b/p02.jpg", "b/p01.JPG", "b/p10.jpeg")
    files = Tree(root, LAYOUT).files(root / "b", NAME)
    assert [file.id for file in files] == ["b/p01.JPG", "b/p02.jpg", "b/p10.jpeg"]
    assert [file.key for file in files] == ["01", "02", "10"]
    assert files[1].size == (root / "b/p02.jpg").stat().st_size


def test_folders_inside_count_when_asked_for(write):
    root = write("b/y/p02.jpg", "b/x/p03.jpg", "b/p01.jpg")
    tree = Tree(root, LAYOUT)
    assert [file.id for file in tree.files(root / "b", NAME)] == ["b/p01.jpg"]
    below = [file.id for file in tree.files(root / "b", NAME, below=True)]
    assert below == ["b/p01.jpg", "b/x/p03.jpg", "b/y/p02.jpg"]


def test_the_first_name_of_a_folder_that_is_there_counts(write):
    root = write("s_2/p02.jpg", "s_1/p01.jpg", "late/p03.jpg")
    tree = Tree(root, LAYOUT)
    assert tree.folders(("early", "s_*", "late"), "pictures") == [root / "s_1", root / "s_2"]
    assert tree.folders(("early", "."), "pictures") == [root]


def test_broken_pictures_are_files_like_others(write):
    root = write("b/p01.jpg")
    (root / "b/p02.jpg").symlink_to(root / "nowhere.jpg")
    (root / "b/p03.jpg").write_bytes(b"no picture")
    files = Tree(root, LAYOUT).files(root / "b", NAME)
    assert [file.key for file in files] == ["01", "02", "03"]
    assert [file.size for file in files][1:] == [0, 10]


def test_other_files_are_told(write):
    root = write("b/p01.jpg", "distractors/far/any name.png")
    for name in ("b/readme.txt", "b/._p01.jpg", "distractors/list.csv", "distractors/.x.jpg"):
        (root / name).write_text("x")
    tree = Tree(root, LAYOUT)
    tree.files(root / "b", NAME)
    assert [file.id for file in tree.distractors()] == ["distractors/far/any name.png"]
    assert sorted(file.file for file in tree.unreadable) == [
        "b/._p01.jpg",
        "b/readme.txt",
        "distractors/.x.jpg",
        "distractors/list.csv",
    ]
    assert all("not named" in file.reason for file in tree.unreadable)


def test_what_is_missing_is_named_with_the_layout_and_its_source(write, tmp_path):
    root = write("elsewhere/p01.jpg")
    (root / "empty").mkdir()
    (root / "distractors").mkdir()
    tree = Tree(root, LAYOUT)
    assert Tree(write("b/p01.jpg"), LAYOUT).root == root
    for missing, message in (
        (lambda: Tree(tmp_path / "none", LAYOUT), "there is no folder"),
        (lambda: tree.folders(("x", "y*"), "pictures"), r"none of x, y\*; there is b, dis"),
        (lambda: tree.files(root / "empty", NAME), "no picture named like .*there is nothing"),
        (lambda: tree.files(root / "none", NAME), "none cannot be listed: No such file"),
        (tree.distractors, "no picture in .*distractors; add some"),
    ):
        with pytest.raises(DatasetError, match=message) as caught:
            missing()
        assert str(caught.value).startswith("made: ")
        assert str(caught.value).endswith(". Expected: pictures/p01.jpg; see the paper")


def test_a_picture_of_another_name_is_an_error(write):
    root = write("b/p01.jpg", "b/holiday.jpg")
    with pytest.raises(DatasetError, match=r"b/holiday\.jpg is not named like"):
        Tree(root, LAYOUT).files(root / "b", NAME)


def test_equal_numbers_are_an_error(write):
    root = write("b/p01.jpg", "b/p01.jpeg")
    with pytest.raises(DatasetError, match=r"b/p01\.jpeg and b/p01\.jpg have the same number"):
        Tree(root, LAYOUT).files(root / "b", NAME)


def test_a_name_that_is_no_text_is_an_error(write):
    root = write("distractors/a.jpg")
    os.rename(  # noqa: PTH104 - bytes, no text
        os.fsencode(root / "distractors/a.jpg"),
        os.path.join(os.fsencode(root / "distractors"), b"caf\xe9.jpg"),  # noqa: PTH118
    )
    with pytest.raises(DatasetError, match=r"is not valid text; rename it"):
        Tree(root, LAYOUT).distractors()
