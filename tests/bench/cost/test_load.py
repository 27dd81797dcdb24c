"""The closed loop: who searches what, when, and beside whom."""

import threading
import time

import numpy as np
import pytest

from bench.cost.load import BLOCK, TimedSearch, run_load, timed


class Engine:
    """Searches that sleep, and remember in what order and how many at a time they came."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.lock = threading.Lock()
        self.seconds = seconds
        self.came: list[tuple[str, int]] = []
        self.under_way: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.mixed = False

    def searches(self, variant: str):
        def search(row: int) -> TimedSearch:
            with self.lock:
                self.came.append((variant, row))
                self.under_way[variant] = self.under_way.get(variant, 0) + 1
                busy = [name for name, count in self.under_way.items() if count]
                self.mixed |= len(busy) > 1
                self.most[variant] = max(self.most.get(variant, 0), self.under_way[variant])
            time.sleep(self.seconds)
            with self.lock:
                self.under_way[variant] -= 1
            return TimedSearch(1.0, 2.0 + row, np.arange(row, dtype=np.int64), 100 * row)

        return search


def test_one_client_alternates_query_by_query():
    engine = Engine()
    load = run_load({name: engine.searches(name) for name in "abc"}, [3, 1, 2, 0])
    assert engine.came == [
        *[("a", 3), ("b", 3), ("c", 3)],
        *[("b", 1), ("c", 1), ("a", 1)],
        *[("c", 2), ("a", 2), ("b", 2)],
        *[("a", 0), ("b", 0), ("c", 0)],
    ]
    for name in "abc":
        own = load.samples[load.samples["variant"] == name]
        assert own["row"].to_list() == [3, 1, 2, 0]
        assert own["latency_ms"].to_list() == [5, 3, 4, 2]
        assert own["hits"].to_list() == [3, 1, 2, 0]
        assert own["answer_bytes"].to_list() == [300, 100, 200, 0]
        assert [len(found) for found in load.documents[name]] == [3, 1, 2, 0]


def test_clients_keep_to_their_number_and_to_one_variant():
    engine = Engine(seconds=0.005)
    done: list[int] = []
    rows = list(range(2 * BLOCK * 4 + 3))
    load = run_load(
        {name: engine.searches(name) for name in "ab"}, rows, clients=4, advance=done.append
    )
    assert engine.most == {"a": 4, "b": 4}
    assert not engine.mixed
    assert sum(done) == 2 * len(rows)
    assert load.samples["row"].to_list() == rows * 2
    # Four at a time take at least a quarter of the time one after the other would.
    assert load.seconds["a"] >= len(rows) * 0.005 / 4
    firsts = [variant for variant, row in engine.came if row % (BLOCK * 4) == 0]
    assert firsts == ["a", "b", "b", "a", "a", "b"]


def test_what_is_done_before_is_not_timed():
    engine = Engine()
    prepared: list[str] = []

    def before(variant: str) -> None:
        prepared.append(variant)
        time.sleep(0.5)

    load = run_load({"a": engine.searches("a")}, [1, 2], before=before)
    assert prepared == ["a", "a"]
    assert load.seconds["a"] < 0.5  # twice 0.5 with it, a hundredth of that without
    with pytest.raises(ValueError, match="2 clients cannot"):
        run_load({"a": engine.searches("a")}, [1], clients=2, before=before)


def test_a_failed_search_ends_the_load():
    def fails(row: int) -> TimedSearch:
        raise RuntimeError(f"search {row} failed")

    with pytest.raises(RuntimeError, match="search 1 failed"):
        run_load({"a": fails}, [1, 2], clients=2)


def test_both_clocks():
    def send():
        time.sleep(0.02)
        return {"took": 7, "hits": {"hits": [{"_id": "3"}, {"_id": "1"}]}}

    answer = timed(send, lambda hit: int(hit["_id"]))
    assert answer.took_ms == 7
    assert answer.latency_ms >= 20
    assert answer.documents.tolist() == [3, 1]
    assert answer.answer_bytes == 0  # nothing came over a connection
