"""What an engine run says."""

import pytest

from bench.kinds.engines.page import engine_listings, engine_verdict
from bench.runs.folder import write_json
from tests.bench.kinds.engines.conftest import FIRST, OTHER, SAME

ENGINE = {
    "name": "opensearch",
    "version": "3.3.2",
    "lucene": None,
    "jvm": "VM 21",
    "heap_max_bytes": 2**29,
    "build_hash": "abcdef0123456789",
}
MANIFEST = {"config": {"engine": {"heap": "512m"}}, "engines": [ENGINE]}


def test_the_verdict_where_hits_are_the_same(same_hits, write_run):
    said = engine_verdict(write_run(same_hits))
    assert said[0] == (
        f"The smallest index is vector on {FIRST}, 20 bytes a document once settled; of those that "
        f"every engine holds, column on {OTHER}, 29."
    )
    assert "0.0% (vector) to 11.1% (tester: 360 bytes on OpenSearch 3.3.2, 400 on" in said[1]
    assert said[2] == (
        f"Copies kept for recovery right after loading, on {FIRST} and {SAME}: column 500 bytes a "
        "document."
    )
    assert said[3] == "Once settled, none of them has any left."
    assert said[4].startswith(f"{OTHER} does not tell bytes by field")
    assert "tester 5, column 505 bytes a document" in said[4]
    assert said[5].startswith("Hits and scores are the same everywhere: 30 hits of 2 queries")
    assert said[6].startswith(f"{SAME} beside {FIRST}: searching is neither faster nor slower")
    assert f"{OTHER} beside {FIRST}: searching is faster, 2.00 times as fast" in said[7]
    assert said[8] == f"vector is not to be had on {OTHER}: no vectors of bits."


def test_the_verdict_says_what_differs(other_hits, write_run):
    (said,) = [one for one in engine_verdict(write_run(other_hits)) if "other hits" in one]
    assert said == (
        f"tester on {OTHER} has other hits than on {FIRST}: 2 of 2 queries and 4 of 5 hits differ "
        "(1 by score, 2 by which documents of the last score are among them, 1 are there on one "
        "engine alone)."
    )


@pytest.mark.parametrize(
    ("same", "said"),
    [
        (3, "In the other 3 comparisons hits, scores and order are the same."),
        (1, "In the one other comparison hits, scores and order are the same."),
        (0, ""),
    ],
)
def test_what_does_not_differ_is_told_where_there_is_any(other_hits, write_run, same, said):
    folder = write_run(other_hits)
    hits = folder.table("hits").sort_values("differing_hits", ascending=False, ignore_index=True)
    folder.write_table("hits", hits.head(1 + same))
    told = [one for one in engine_verdict(folder) if one.startswith("In the ")]
    assert told == [said] * bool(said)


def test_intervals_are_said_to_be_of_the_runs_confidence(same_hits, write_run):
    folder = write_run(same_hits)
    write_json(folder.work / "config.json", {"bootstrap": {"confidence": 0.8}})
    told = " ".join(engine_verdict(folder))
    assert told.count("(80 % interval ") == 4
    assert "95 %" not in told


def test_of_a_graph_only_order_and_scores_are_those_computed(same_hits, write_run):
    title = f"Hits that are not those of {FIRST}"
    for layout, said in (
        ("vector_bit_flat", f"The hits of {FIRST} are those computed without an engine. Others"),
        ("vector_bit_hnsw", "without an engine, but for vector: a graph may miss documents"),
    ):
        indices = same_hits["indices"].replace("vector_bit_flat", layout)
        folder = write_run(same_hits | {"indices": indices}, called=layout)
        (note,) = (one.note for one in engine_listings(folder, MANIFEST) if one.title == title)
        assert said in note


def test_tables_have_a_row_a_variant_and_a_column_an_engine(same_hits, write_run):
    listings = {one.title: one for one in engine_listings(write_run(same_hits), MANIFEST)}
    settled = listings["Bytes a document, settled"]
    assert settled.columns == ["variant", FIRST, SAME, OTHER]
    assert settled.rows[2] == ["vector", "20", "20", "–"]
    copies = listings["Copies kept for recovery, right after loading"]
    assert copies.rows[0] == ["tester", "0", "0", "–"]
    assert listings["The engines"].rows == [
        ["OpenSearch 3.3.2", "not told", "VM 21", "512", "abcdef0123"]
    ]


def test_one_engine_alone_has_a_verdict(same_hits, write_run):
    alone = {
        name: table[table["engine"] == FIRST] if "engine" in table else table
        for name, table in same_hits.items()
        if name in ("indices", "fields", "candidates")
    }
    folder = write_run(alone)
    assert [one.split(" ")[0] for one in engine_verdict(folder)] == ["The", "Copies", "Once"]
    assert len(engine_listings(folder, MANIFEST)) == 5
