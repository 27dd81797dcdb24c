"""An index is confirmed once, hit for hit."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import Variant
from bench.kinds.beside import alternate
from bench.kinds.live import LiveIndex
from bench.kinds.variant_state import VariantState, build, measure
from bench.runs.errors import WrongIndexError
from bench.search.exact.answers import plain_scores
from bench.search.exact.simulator import Simulator
from bench.search.search import search_body
from bench.search.verification import HIT, expected_hits
from tests.bench.kinds.test_variant_state import signed_of

pytestmark = pytest.mark.engine

NUMBERS = np.array([3, 8])


@pytest.fixture
def live(index_name, signatures, tmp_path) -> LiveIndex:
    variant = Variant(20, 10, {"id": "none"}, name=index_name)
    simulator = Simulator(signatures[:40], signatures[:2])
    parts = []
    for number, scores in zip(NUMBERS, plain_scores(variant, simulator), strict=True):
        docs, own = expected_hits(scores, 5)
        rows = {"query": number, "rank": range(len(docs)), "doc": docs, "score": own}
        parts.append(pd.DataFrame(rows))
    state = VariantState(variant, tmp_path, "run")
    return LiveIndex(
        state, signed_of(signatures[:40]), NUMBERS, signatures[:2], pd.concat(parts)[HIT]
    )


def test_every_hit_is_compared_and_the_answer_is_kept(engine, live):
    build(engine.client, live.state, live.holds, lambda done: None)
    measure(engine.client, live.state, live.holds)
    wrong = live.expected.assign(score=live.expected["score"] + 1)
    another = LiveIndex(live.state, live.holds, NUMBERS, live.signatures, wrong)
    with pytest.raises(WrongIndexError, match="query 3, rank 0"):
        another.confirm(engine.client, 5, lambda done: None)
    assert not live.is_finished
    # What disagreed is built again.
    build(engine.client, live.state, live.holds, lambda done: None)
    measure(engine.client, live.state, live.holds)
    done = []
    live.confirm(engine.client, 5, done.append)
    assert live.is_finished
    assert sum(done) == len(NUMBERS)
    assert live.sizes()["verified_hits"] == len(live.expected)
    assert live.sizes()["documents"] == 40
    live.confirm(None, 5, done.append)  # asks nothing more
    assert sum(done) == 2 * len(NUMBERS)


def test_several_searches_are_timed_as_one_request(engine, live):
    build(engine.client, live.state, live.holds, lambda done: None)

    def body(row):
        return search_body(live.state.variant, live.signatures[row], size=5, fetch="id")

    bodies = {"one": body, "both": lambda row: [body(row), body(1 - row)]}
    found = alternate(engine.client, bodies, [0, 1])
    assert found.samples["variant"].tolist() == ["one"] * 2 + ["both"] * 2
    for one, both in zip(found.documents["one"], found.documents["both"], strict=True):
        assert one.tolist() == both.tolist()  # the first one's answer
