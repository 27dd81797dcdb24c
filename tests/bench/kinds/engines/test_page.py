"""What an engine run says."""

from bench.kinds.engines.page import engine_listings, engine_verdict
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
