"""Which indices are worth it, by hand."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scale.winners import found_beside_first, winner_sentences, winners
from bench.runs.folder import RunFolder

#: Queries of a size, of scenes of two, and how many of them have a right answer.
QUERIES, ANSWERABLE = 60, 50
#: Right answers found, milliseconds and bytes of four indices at two sizes.
TAKEN = {
    (100, "tester"): (45, 10.0, 3_600.0),
    (100, "small"): (47, 8.0, 50.0),
    (100, "quick"): (45, 2.0, 90.0),
    (100, "between"): (45, 5.0, 95.0),
    (1_000, "tester"): (45, 60.0, 3_500.0),
    (1_000, "small"): (45, 20.0, 49.0),
    (1_000, "quick"): (44, 3.0, 88.0),
    (1_000, "between"): (30, 2.0, 40.0),
}
BASE = {"clients": 1, "minimum_should_match": 1, "fetch": "signature", "state": "warm"}


def samples_of(taken: dict[tuple[int, str], tuple[int, float, float]]) -> pd.DataFrame:
    """As ``search_samples``; each query is asked twice."""
    return pd.DataFrame(
        [
            {
                "documents": documents,
                "variant": variant,
                "query": query,
                "has_answer": query < ANSWERABLE,
                "found": query < found,
                **BASE,
            }
            for (documents, variant), (found, _, _) in taken.items()
            for query in 2 * list(range(QUERIES))
        ]
    )


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    """A run's folder with the tables that are read, and a condition that is not the base."""
    cost = pd.DataFrame(
        [
            {
                "documents": documents,
                "variant": variant,
                "clock": "latency",
                **BASE,
                "clients": clients,
                "p50": p50 * clients,
                "ratio_to_first": p50 / TAKEN[documents, "tester"][1],
            }
            for clients in (1, 4)
            for (documents, variant), (_, p50, _) in TAKEN.items()
        ]
    )
    sizes = pd.DataFrame(
        [
            {"documents": n, "variant": v, "origin": origin, "bytes_per_document": size}
            for origin, share in (("synthetic", 0.1), ("collection", 1))
            for (n, v), size in ((key, share * taken[2]) for key, taken in TAKEN.items())
        ]
    )
    queries = pd.DataFrame({"query": range(QUERIES), "group": [n // 2 for n in range(QUERIES)]})
    tables = {"search_cost": cost, "sizes": sizes, "queries": queries}
    for name, table in {**tables, "search_samples": samples_of(TAKEN)}.items():
        table.to_parquet(tmp_path / f"{name}.parquet")
    return RunFolder(tmp_path)


def test_worth_it_is_what_no_index_beats_in_bytes_and_time_that_finds_as_much(folder):
    table = winners(folder).set_index(["documents", "variant"])
    assert len(table) == len(TAKEN)
    assert table.index[table["worth_it"]].to_list() == [
        (100, "small"), (100, "quick"), (1_000, "small"), (1_000, "quick")
    ]  # fmt: skip
    assert table.loc[(100, "tester"), "bytes_per_document"] == 3_600
    assert table["found"].to_list() == [found for found, _, _ in TAKEN.values()]
    assert (table["answerable"] == ANSWERABLE).all()


def test_a_difference_is_paired_by_query_and_resamples_scenes():
    groups = pd.Series({query: query // 2 for query in range(QUERIES)})
    table = found_beside_first(samples_of(TAKEN), groups).set_index(["documents", "variant"])
    assert np.allclose(table["difference"], [(n - 45) / ANSWERABLE for n, _, _ in TAKEN.values()])
    lost = table.loc[(1_000, "quick")]
    assert lost["low"] < 0 == lost["high"]  # one query of one scene: it may be chance
    assert table.loc[(1_000, "between"), "high"] < 0
    assert table.loc[(100, "tester"), ["low", "high"]].to_list() == [0, 0]


def test_without_any_right_answer_nothing_is_told():
    samples = samples_of(TAKEN).assign(has_answer=False)
    assert found_beside_first(samples, pd.Series(dtype=np.int64)).empty


def test_the_verdict_names_what_is_worth_it_at_each_size(folder):
    first, last = winner_sentences(winners(folder))
    assert first.startswith(
        "At 100 documents tester finds a right answer of 45 of 50 queries, takes 3,600 bytes a "
        "document and 10.0 ms."
    )
    assert "than: small, 50 bytes, 8.0 ms (1.3 times as fast), 47 found (+0." in first
    assert first.endswith("; quick, 90 bytes, 2.0 ms (5.0 times as fast), 45 found.")
    assert "than: small, 49 bytes, 20.0 ms (3.0 times as fast), 45 found; quick, 88 " in last
