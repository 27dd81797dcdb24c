"""DISC21."""

import pytest

from datasets import DatasetError
from datasets.published.disc21 import open_disc21, open_disc21_dev

REFERENCES = tuple(f"references/R00000{digit}.jpg" for digit in range(5))
QUERIES = tuple(f"queries/Q0000{digit}.jpg" for digit in range(5))
CSV = "query_id,reference_id\nQ00000,\nQ00001,R000003\nQ00002,R000001\nQ00003,\n"


@pytest.fixture
def folder(write):
    root = write(*REFERENCES, *QUERIES, "distractors/d.jpg")
    (root / "dev_queries_groundtruth.csv").write_text(CSV)
    return root


def test_the_ground_truth_says_what_is_right(folder):
    collection = open_disc21(folder)
    assert collection.documents == (*REFERENCES, "distractors/d.jpg")
    right = {query.picture: query.right for query in collection.queries}
    assert right == {
        "queries/Q00000.jpg": (),
        "queries/Q00001.jpg": ("references/R000003.jpg",),
        "queries/Q00002.jpg": ("references/R000001.jpg",),
        "queries/Q00003.jpg": (),
    }
    assert {query.label.id for query in collection.queries} == {"disc21-dev"}


def test_queries_without_ground_truth_are_left_out_and_told(folder):
    (told,) = open_disc21(folder).unreadable
    assert (told.file, told.reason) == ("queries/Q00004.jpg", "one of 1 without ground truth")


def test_groups_are_what_matches_link(folder):
    more = "Q00001,R000004\nQ00004,R000004\n"
    (folder / "dev_queries_groundtruth.csv").write_text(CSV + more)
    collection = open_disc21(folder)
    groups = {photo.id.split("/")[1][:-4]: photo.group for photo in collection.photographs}
    assert groups["Q00001"] == groups["R000003"] == groups["R000004"] == groups["Q00004"]
    assert groups["Q00002"] == groups["R000001"] != groups["Q00001"]
    others = [groups[name] for name in ("Q00000", "Q00003", "R000000", "R000002", "d")]
    assert others == ["Q00000", "Q00003", "R000000", "R000002", "distractors/d.jpg"]
    (linked,) = (query for query in collection.queries if query.picture.endswith("Q00001.jpg"))
    assert linked.right == ("references/R000003.jpg", "references/R000004.jpg")


def test_folders_may_be_called_as_the_archives_and_have_folders_inside(write):
    root = write(
        *("refs_50k_0/images/R000000.jpg", "refs_50k_19/R999999.jpg"),
        *("dev_queries_50k_0/images/Q00000.jpg", "test_queries_50k_0/Q50000.jpg"),
    )
    (root / "dev_queries_groundtruth.csv").write_text("Q00000,R999999\n")
    (root / "test_queries_groundtruth.csv").write_bytes(b"\xef\xbb\xbfQ50000,\r\n\r\n")
    collection = open_disc21(root)
    assert len(collection.documents) == 2
    assert [(query.label.id, query.right) for query in collection.queries] == [
        ("disc21-dev", ("refs_50k_19/R999999.jpg",)),
        ("disc21-test", ()),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Q00001,R000009\n", r"1 of the 1 references .* R000009\.jpg; 5 references are"),
        ("Q00009,\nQ00000,\n", r"1 of the 2 queries .* Q00009\.jpg; 5 queries are"),
        ("Q00000,\nQ00001\n", "line 2 of .* is 'Q00001', and neither"),
        ("query,reference\n", "line 1 of .* is 'query,reference'"),
        ("query_id,reference_id\n", "names no query"),
        ("\xff\x00", "line 1 of"),
    ],
)
def test_odd_ground_truth_is_said(folder, text, message):
    (folder / "dev_queries_groundtruth.csv").write_text(text, encoding="latin-1")
    with pytest.raises(DatasetError, match=message):
        open_disc21(folder)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (QUERIES, "no folder with the references in .*none of reference_images, .*; there is dev_"),
        (REFERENCES, "no folder with the queries"),
        (
            (*QUERIES, *REFERENCES, "references/images/R000001.jpg"),
            "have the same number",
        ),
        (
            (*QUERIES, "refs_50k_0/R000001.jpg", "refs_50k_1/R000001.jpg"),
            r"refs_50k_0/R000001\.jpg and refs_50k_1/R000001\.jpg have the same number",
        ),
    ],
)
def test_missing_and_double_pictures_are_said(write, names, message):
    root = write(*names)
    (root / "dev_queries_groundtruth.csv").write_text(CSV)
    with pytest.raises(DatasetError, match=message):
        open_disc21(root)


def test_missing_and_contradicting_ground_truth_is_said(folder):
    (folder / "test_queries_groundtruth.csv").write_text("Q00001,\n")
    with pytest.raises(DatasetError, match="Q00001 is in the ground truth of both phases"):
        open_disc21(folder)
    for path in folder.glob("*.csv"):
        path.unlink()
    with pytest.raises(DatasetError, match=r"no ground truth in .* dev_queries_groundtruth\.csv"):
        open_disc21(folder)


def test_the_published_subset_is_of_what_has_a_match(folder):
    (folder / "list_files").mkdir()
    listed = "query_id,reference_id\nQ00001,R000003\nQ00002,R000001\n"
    (folder / "list_files/subset_1_ground_truth.csv").write_text(listed)
    collection = open_disc21_dev(folder)
    assert collection.name == f"disc21-dev:{folder}"
    references = ("references/R000001.jpg", "references/R000003.jpg")
    assert collection.documents == (*references, "distractors/d.jpg")
    assert [query.right for query in collection.queries] == [references[1:], references[:1]]
    assert not collection.unreadable
    (folder / "list_files/subset_1_ground_truth.csv").unlink()
    with pytest.raises(DatasetError, match=r"^disc21-dev: no ground truth .*subset_1_ground_truth"):
        open_disc21_dev(folder)
