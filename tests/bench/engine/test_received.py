"""Bytes that arrive are counted, of each thread for itself."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.engine.client import connect
from bench.engine.received import received_bytes


@pytest.mark.parametrize("engine", ["elasticsearch", "opensearch"])
def test_an_answer_counts_as_it_was_sent(answering, answer_json, engine):
    answer = {"status": "grün"}
    with connect(answering(lambda method, path: answer_json(answer)), engine=engine) as client:
        before = received_bytes()
        client.cluster.health()
        once = received_bytes() - before
        assert once == len(answer_json(answer)[2]) >= len(json.dumps(answer))
        client.cluster.health()
        assert received_bytes() - before == 2 * once
        with ThreadPoolExecutor(1) as other:
            assert other.submit(received_bytes).result() == 0
            other.submit(client.cluster.health).result()
            assert other.submit(received_bytes).result() == once
        assert received_bytes() - before == 2 * once


@pytest.mark.engine
def test_a_search_counts_what_comes_over_the_connection(engine, index_name):
    client = engine.client
    for number in range(3):
        client.index(index=index_name, id=str(number), document={"text": "x" * 5_000})
    client.indices.refresh(index=index_name)
    sizes = []
    for source in (True, False):
        before = received_bytes()
        client.search(index=index_name, source=source)
        sizes.append(received_bytes() - before)
    assert 3 * 5_000 <= sizes[0] - sizes[1] <= 3 * 5_000 + 100
    assert 100 < sizes[1] < 1_000
