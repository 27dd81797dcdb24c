"""The judge of requests: it lets reads pass, and catches what could do harm."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.effects import created, effect, offences
from tests.faults.http_proxy import Exchange

OURS = Exchange("PUT", "/ours", b'{"mappings": {}}', 200)

BAD = [
    ("DELETE", "/*", b""),
    ("DELETE", "/_all", b""),
    ("DELETE", "/ours,theirs", b""),
    ("DELETE", "/ours*", b""),
    ("DELETE", "/our%73%2A", b""),
    ("DELETE", "/theirs", b""),
    ("DELETE", "/-theirs", b""),
    ("DELETE", "/%3Clogs-%7Bnow%2Fd%7D%3E", b""),
    ("DELETE", "/.ds-theirs-000001", b""),
    ("DELETE", "/", b""),
    ("DELETE", "//theirs", b""),
    ("PUT", "//_doc/1", b"{}"),
    ("DELETE", "/ours/_doc/1", b""),
    ("DELETE", "/_data_stream/ours", b""),
    ("DELETE", "/_search/scroll/_all", b""),
    ("PUT", "/_cluster/settings", b'{"persistent": {}}'),
    ("PUT", "/_index_template/ours", b"{}"),
    ("PUT", "/_template/ours", b"{}"),
    ("PUT", "/_ingest/pipeline/ours", b"{}"),
    ("PUT", "/ours/_alias/theirs", b""),
    ("PUT", "/other", b'{"aliases": {"theirs": {}}}'),
    ("PUT", "/other", b"[]"),
    ("PUT", "/other*", b"{}"),
    ("PUT", "/theirs/_settings", b"{}"),
    ("PUT", "/_settings", b"{}"),
    ("PUT", "/_all/_mapping", b"{}"),
    ("POST", "/_aliases", b"{}"),
    ("POST", "/_reindex", b"{}"),
    ("POST", "/_flush", b""),
    ("POST", "/_refresh", b""),
    ("POST", "/*/_forcemerge", b""),
    ("POST", "/theirs/_forcemerge", b""),
    ("POST", "/theirs/_close", b""),
    ("POST", "/theirs/_doc", b"{}"),
    ("POST", "/ours/_delete_by_query", b"{}"),
    ("POST", "/ours/_update_by_query", b"{}"),
    ("POST", "/ours/_rollover", b"{}"),
    ("POST", "/ours/_search/template", b"{}"),
    ("POST", "/_cache/clear", b""),
    ("POST", "/_scripts/x", b""),
    ("POST", "/_nodes/reload_secure_settings", b""),
    ("GET", "/_refresh", b""),
    ("GET", "/theirs/_flush", b""),
    ("GET", "/_all/_refresh", b""),
    ("GET", "/ours/_unheard_of", b""),
    ("PATCH", "/ours", b""),
    ("OPTIONS", "/ours", b""),
    ("POST", "/_bulk", b'{"index": {"_id": "1"}}\n{}\n'),
    ("POST", "/_bulk", b'{"index": {"_index": "theirs"}}\n{}\n'),
    ("PUT", "/ours/_bulk", b'{"delete": {"_index": "theirs", "_id": "1"}}\n'),
    ("PUT", "/ours/_bulk", b'{"index": {}}\n{}\n{"index": {"_index": "our*"}}\n{}\n'),
    ("PUT", "/ours/_bulk", b"no JSON\n"),
    ("PUT", "/theirs/_bulk", b'{"index": {"_id": "1"}}\n{}\n'),
]


@pytest.mark.parametrize(("method", "target", "body"), BAD)
def test_what_could_do_harm_is_caught(method, target, body):
    assert offences([OURS, Exchange(method, target, body, 200)]) != []


GOOD = [
    ("GET", "/", b""),
    ("GET", "/_cluster/health", b""),
    ("GET", "/_nodes/_local/none", b""),
    ("GET", "/_cat/indices?health=red", b""),
    ("GET", "/*/_alias", b""),
    ("GET", "/theirs/_mapping", b""),
    ("GET", "/theirs/_stats/docs,store?level=shards", b""),
    ("HEAD", "/theirs", b""),
    ("POST", "/theirs/_search?size=10", b"{}"),
    ("POST", "/_msearch", b"{}"),
    ("POST", "/theirs/_count", b"{}"),
    ("POST", "/theirs/_disk_usage?run_expensive_tasks=true", b""),
    ("POST", "/ours/_forcemerge?max_num_segments=1", b""),
    ("PUT", "/ours/_settings", b"{}"),
    ("PUT", "/ours/_bulk", b'{"index": {"_id": "1"}}\n{"index": {"_index": "theirs"}}\n'),
    ("POST", "/_bulk", b'{"delete": {"_index": "ours", "_id": "1"}}\n'),
    ("DELETE", "/ours", b""),
]


@pytest.mark.parametrize(("method", "target", "body"), GOOD)
def test_reads_and_writes_to_what_was_created_pass(method, target, body):
    assert offences([OURS, Exchange(method, target, body, 200)]) == []


def test_an_index_is_ours_from_its_creation_to_its_deletion():
    write = Exchange("POST", "/ours/_flush", b"", 200)
    delete = Exchange("DELETE", "/ours", b"", 200)
    refused = Exchange("PUT", "/ours", b"", 400)
    assert len(offences([write, OURS, write])) == 1
    assert len(offences([OURS, delete, write])) == 1
    assert len(offences([refused, write])) == 1


def test_what_was_created_before_is_ours_only_where_it_is_said():
    write = Exchange("POST", "/before/_flush", b"", 200)
    assert len(offences([write])) == 1
    assert offences([write], {"before"}) == []
    delete = Exchange("DELETE", "/before", b"", 200)
    assert len(offences([delete, write], {"before"})) == 1
    assert created([OURS], {"before"}) == {"ours", "before"}
    assert created([OURS, delete], {"before"}) == {"ours"}


@given(
    st.text(max_size=12).filter(lambda name: name.strip("/") != "ours"),
    st.sampled_from(["PUT", "POST", "DELETE", "PATCH"]),
    st.sampled_from(["", "/_doc/1", "/_settings", "/_bulk", "/_open", "/_unheard_of"]),
)
def test_no_name_but_ours_is_written_to(name, method, endpoint):
    body = b'{"index": {"_id": "1"}}\n{}\n' if endpoint == "/_bulk" else b""
    target = f"/{quote(name, safe='')}{endpoint}"
    creates = effect(method, target, body).creates
    assert offences([OURS, Exchange(method, target, body, 200)]) or creates == name
