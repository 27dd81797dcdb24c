"""What a reader of a run must know of its pictures."""

import json

import pytest

from bench.runs.environment import ROOT
from bench.signing.dataset import FEW_DOCUMENTS, cautions

FEW = {
    "collection": "folder:/pictures",
    "photographs": 58,
    "photographs_indexed": 58,
    "photographs_without_match": 0,
    "unreadable": [{"file": f"{n}.txt", "reason": "no picture"} for n in range(7)],
    "documents": 58,
    "documents_failed": 0,
    "queries": 500,
    "no_match_queries": 0,
    "originals_edited": 58,
    "edits_of_one": 9,
}


def said(**changes: object) -> str:
    return "\n".join(cautions(FEW | changes, searches=True))


def test_a_small_folder():
    sentences = cautions(FEW, searches=True)
    assert sentences[0] == (
        "7 files cannot be read as pictures and are left out: 0.txt, 1.txt, 2.txt and 4 more; "
        "`imgsig-bench datasets folder:/pictures` says why."
    )
    assert "All 58 pictures are in the database" in sentences[1]
    assert "500 queries are edited copies of 58 originals, up to 9 of each" in sentences[2]
    assert "58 documents are few" in sentences[3]


@pytest.mark.parametrize(
    ("changes", "there", "not_there"),
    [
        ({"unreadable": []}, "All 58", "left out"),
        ({"unreadable": FEW["unreadable"][:1]}, "1 file cannot be read", "more;"),
        ({"unreadable": [{"file": "a\nb", "reason": ""}]}, "a\\nb", "a\nb"),
        ({"documents_failed": 1}, "1 picture could not be signed and is no document;", "queries 1"),
        ({"queries_failed": 0}, "All 58", "Of the queries"),
        ({"queries_failed": 1}, "Of the queries 1 could not be signed and is not", "documents.p"),
        ({"queries_failed": 1_200}, "queries 1,200 could not be signed and are not", "and is"),
        (
            {"photographs_indexed": 50, "photographs_without_match": 8, "no_match_queries": 90},
            "50 of the 58 pictures are in the database; 8 others are searched for without a match.",
            "All 58",
        ),
        ({"originals_edited": 500}, "All 58", "edited copies"),
        ({"documents": FEW_DOCUMENTS}, "All 58", "are few"),
        ({"documents": FEW_DOCUMENTS - 1}, "4,999 documents are few", "58 documents"),
    ],
)
def test_only_what_is_so_is_said(changes, there, not_there):
    assert there in said(**changes)
    assert not_there not in said(**changes)


def test_what_searches_nothing_says_only_what_is_left_out():
    assert len(cautions(FEW, searches=False)) == 1


def test_committed_runs_have_nothing_to_beware_of():
    manifests = list((ROOT / "results").glob("reference*/manifest.json"))
    assert len(manifests) >= 5
    for path in manifests:
        manifest = json.loads(path.read_text())
        if "dataset" in manifest:
            searches = "search" in manifest["config"]
            said = cautions(manifest["dataset"], searches=searches)
            # All that there are; of the latter pieces, which are many more, are documents too.
            for run, few in (("objects", "2,415"), ("remedies", "2,241")):
                if path.parent.name == f"reference-{run}":
                    said = [one for one in said if not one.startswith(f"{few} documents are few")]
            assert said == [], path
