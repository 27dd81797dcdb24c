"""Elasticsearch misbehaves: what stands between it and the harness answers as it is told."""

import pytest

from tests.faults.bulk_faults import bulk_injections
from tests.faults.cluster_faults import cluster_injections
from tests.faults.http_proxy import proxy_of
from tests.faults.injection import Site, inject
from tests.faults.killed_engine import killed_once, killed_run, killed_twice
from tests.faults.moved_shards import moved_run
from tests.faults.search_faults import search_injections
from tests.faults.small_kinds import KINDS

pytestmark = pytest.mark.engine

#: What `make test-all` injects: one of each kind.
SOME = (
    "a cluster of version 10.1.0",
    "a cluster that is red",
    "an index of somebody else has our index's name",
    "our index lost a document",
    "429 to every seventh document",
    "reset (RST) after a bulk request",
    "answer to a bulk request without its last document",
    "disk full past the flood stage",
    "index deleted by somebody before the first document",
    "a shard fails in a count",
    "a shard fails in the 15th search",
    "a search says timed_out",
    "503 search_phase_execution",
    "HTML page of a proxy, status 200, instead of a search",
)
INJECTIONS = [*cluster_injections(), *bulk_injections(), *search_injections()]


def _is_quick(injected: str) -> bool:
    return injected.startswith(SOME)


@pytest.mark.parametrize(
    "injection",
    [
        pytest.param(
            one,
            id=one.injected,
            marks=pytest.mark.slow if _is_quick(one.injected) else pytest.mark.fault,
        )
        for one in INJECTIONS
    ],
)
def test_a_fault_leads_to_what_it_should(own_engine, folder, expect, injection):
    with proxy_of(own_engine.url) as proxy:
        expect(inject(Site(own_engine, proxy, folder), injection))


@pytest.mark.fault
@pytest.mark.parametrize("kind", ["experiment", *KINDS])
def test_a_run_whose_server_is_killed_ends_in_the_same_tables(own_engine, folder, expect, kind):
    expect(killed_run(folder, own_engine, kind))


@pytest.mark.fault
def test_a_run_whose_shards_move_ends_in_the_same_tables(folder, expect):
    expect(moved_run(folder))


@pytest.mark.fault
def test_a_server_that_is_killed_twice_is_an_error(folder, expect):
    expect(killed_twice(folder))


@pytest.mark.slow
def test_a_server_that_is_killed_once_is_started_again(folder, expect):
    expect(killed_once(folder))


def test_every_fault_is_told_apart():
    told = [injection.injected for injection in INJECTIONS]
    assert len(set(told)) == len(told) > 50
    assert all(sum(one.startswith(begin) for one in told) == 1 for begin in SOME)
