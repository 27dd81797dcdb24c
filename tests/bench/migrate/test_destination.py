"""Only an index that the same migration made is written to."""

import re
import time
from dataclasses import replace

import pytest
from elastic_transport import ConnectionError as TransportConnectionError

from bench.migrate import Pace, begin
from bench.migrate.destination import (
    MARK,
    REFUSED_AT_MOST,
    STRIDE,
    Progress,
    copy_pass,
    create,
    read_progress,
    save_progress,
)
from bench.runs.errors import IndexStateError, MeasurementError
from tests.faults.http_proxy import Rule, proxy_of
from tests.shared import client_at

pytestmark = pytest.mark.engine


def test_progress_is_kept_in_the_index(arrays):
    plan = arrays.plan()
    assert read_progress(arrays.client, plan) is None
    progress = create(arrays.client, plan)
    assert read_progress(arrays.client, plan) == progress
    progress.done, progress.refused = {0: 12, 1: -1}, {"a.b/ü": "why"}
    save_progress(arrays.client, plan, progress)
    assert read_progress(arrays.client, plan) == progress
    with pytest.raises(IndexStateError, match="created by somebody else"):
        create(arrays.client, plan)


def test_somebody_elses_index_is_left_untouched(arrays):
    plan = arrays.plan()
    arrays.client.index(index=plan.index, id="x", document={"path": "mine"}, refresh=True)
    before = arrays.client.indices.get(index=plan.index).body
    with pytest.raises(IndexStateError, match=r"not made by a migration.*--name"):
        arrays.perform(plan)
    assert arrays.client.indices.get(index=plan.index).body == before
    assert arrays.client.count(index=plan.index)["count"] == 1


@pytest.mark.parametrize(
    ("options", "key"), [({"codec_to": "packed"}, "variant"), ({"drop": ["metadata"]}, "fields")]
)
def test_another_migration_is_refused(arrays, options, key):
    plan = arrays.plan()
    create(arrays.client, plan)
    with pytest.raises(IndexStateError, match=f"its {key} is"):
        read_progress(arrays.client, arrays.plan(name=plan.index, **options))


def test_an_index_that_was_deleted_meanwhile_is_noticed(arrays):
    plan = arrays.plan()
    create(arrays.client, plan)
    arrays.client.indices.delete(index=plan.index)
    arrays.client.index(index=plan.index, id="x", document={"path": "made by itself"})
    with pytest.raises(IndexStateError, match="deleted during the migration"):
        save_progress(arrays.client, plan, Progress(uuid="of the first"))


#: What is said of a value that is longer than a column of Lucene's holds.
TOO_LONG = {"elasticsearch": r"exceeds the max length|immense", "opensearch": r"is too large"}


@pytest.mark.slow
def test_refused_documents_are_listed_and_can_be_mended(fresh, engine):
    fresh.add(range(60))
    plan = fresh.plan()  # before there is anything wrong
    fresh.add([7], signature=[0] * 9)
    fresh.add([8], path="x" * 40_000)
    outcome = fresh.perform(plan)
    assert set(outcome.refused) == {"d7", "d8"}
    assert re.search(TOO_LONG[engine.name], outcome.refused["d8"])
    found = outcome.verified
    assert (found.source, found.destination, found.refused, found.is_whole) == (60, 58, 2, True)
    fresh.add([7, 8])
    mended = fresh.perform(plan)
    assert (mended.refused, mended.verified.destination) == ({}, 60)
    fresh.add([9], signature=None)  # its earlier state must not stay in the new index
    spoilt = fresh.perform(plan)
    assert (set(spoilt.refused), spoilt.verified.destination) == ({"d9"}, 59)
    fresh.add([8], path="x" * 40_000)  # nor one that only the engine refuses
    found = fresh.perform(plan).verified
    assert (found.destination, found.refused, found.surplus, found.is_whole) == (58, 2, 0, True)


@pytest.mark.slow
def test_too_many_are_no_accident(fresh):
    fresh.add(range(30))
    plan = fresh.plan()
    fresh.add(range(30, 30 + REFUSED_AT_MOST + 20), signature=[0] * 9)
    with pytest.raises(MeasurementError, match=r"more than 100 documents .*--skip-bad"):
        fresh.perform(plan)
    outcome = fresh.perform(plan, skip_refused=True)
    assert outcome.verified.refused == REFUSED_AT_MOST + 20
    assert outcome.verified.is_whole


@pytest.mark.slow
def test_the_pace_is_kept(fresh):
    fresh.add(range(60))
    plan = fresh.plan()
    begun = time.monotonic()
    progress = begin(fresh.client, plan)
    copy_pass(fresh.client, plan, progress, Pace(batch=20, per_second=40))
    assert time.monotonic() - begun >= 1.4


@pytest.mark.slow
def test_a_busy_cluster_is_sent_the_page_again(fresh, engine, monkeypatch):
    fresh.add(range(60))
    plan = fresh.plan()
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:
        busy = {"error": {"type": "rejected_execution_exception", "reason": "full"}, "status": 429}
        proxy.use(Rule("_bulk", times=2, status=429, body=busy))
        assert replace(fresh, client=through).perform(plan).verified.is_whole
        assert proxy.injected == 2


@pytest.mark.slow
def test_a_refused_write_is_an_error(fresh):
    fresh.add(range(20))
    plan = fresh.plan()
    begin(fresh.client, plan)
    fresh.client.indices.put_settings(index=plan.index, settings={"blocks.write": True})
    with pytest.raises(MeasurementError, match=r"answers 403.*Repeat the command to resume"):
        fresh.perform(plan)
    fresh.client.indices.put_settings(index=plan.index, settings={"blocks.write": None})
    assert fresh.perform(plan).verified.is_whole


@pytest.fixture
def lose(engine, fresh):
    """A function that copies until its last page is lost, and returns the proxy that has it."""
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:

        def copy(plan):
            proxy.use(Rule("_bulk", reset="late"))
            with pytest.raises(TransportConnectionError):
                copy_pass(through, plan, begin(through, plan), Pace(batch=500))
            return proxy

        yield copy


def paths(fresh, plan):
    """Paths of the new index by id, and the versions there are."""
    fresh.client.indices.refresh(index=plan.index)
    fetch = plan.layout.fetch("path")
    hits = fresh.client.search(index=plan.index, size=100, version=True, **fetch)["hits"]["hits"]
    found = {hit["_id"]: plan.layout.stored_path(hit) for hit in hits}
    return found, {hit["_version"] for hit in hits}


@pytest.mark.slow
def test_a_page_that_arrives_late_changes_nothing(fresh, lose):
    fresh.add(range(60))
    plan = fresh.plan()
    proxy = lose(plan)
    fresh.add(range(60), path="changed meanwhile")
    fresh.perform(plan)
    proxy.deliver()
    found, versions = paths(fresh, plan)
    assert found == {f"d{n}": "changed meanwhile" for n in range(60)}
    assert len(versions) == 1
    assert fresh.perform(plan).verified.is_whole


@pytest.mark.slow
def test_a_deletion_that_arrives_late_removes_nothing(fresh, lose):
    fresh.add(range(20))
    plan = fresh.plan()
    fresh.perform(plan)
    fresh.add([7], signature=[0] * 9)
    proxy = lose(plan)
    fresh.add([7])
    fresh.perform(plan)
    proxy.deliver()
    assert paths(fresh, plan)[0].keys() == {f"d{n}" for n in range(20)}


@pytest.mark.slow
def test_a_page_that_arrives_late_brings_nothing_back(fresh, lose):
    fresh.add(range(20))
    plan = fresh.plan()
    proxy = lose(plan)
    fresh.add(range(20), signature=[0] * 9)
    fresh.add([3])
    fresh.perform(plan)
    proxy.deliver()
    assert paths(fresh, plan)[0].keys() == {"d3"}


@pytest.mark.slow
def test_an_index_of_an_earlier_release_is_gone_on_with(fresh):
    fresh.add(range(20))
    plan = fresh.plan()
    begin(fresh.client, plan)
    for _ in range(3):  # the engine counts
        fresh.client.index(index=plan.index, id="d7", document={plan.layout.path_name: "old"})
    meta = fresh.client.indices.get_mapping(index=plan.index)[plan.index]["mappings"]["_meta"]
    del meta[MARK]["version"]
    fresh.client.indices.put_mapping(index=plan.index, meta=meta)
    assert fresh.perform(plan).verified.is_whole
    assert paths(fresh, plan)[0]["d7"] == "https://example.org/7.jpg"


@pytest.mark.slow
def test_versions_rise_whatever_the_clock_says(fresh, monkeypatch):
    fresh.add(range(20))
    plan, versions = fresh.plan(), []
    for now in (2_000_000_000.0, 1_000_000_000.0, 1_000_000_000.0, 2_000_000_100.0):
        monkeypatch.setattr("bench.migrate.destination.time.time", lambda now=now: now)
        copy_pass(fresh.client, plan, begin(fresh.client, plan), Pace())
        versions.append(read_progress(fresh.client, plan).version)
    seconds = [2_000_000_000, 2_000_000_001, 2_000_000_002, 2_000_000_100]
    assert versions == [second * STRIDE for second in seconds]


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{}, {"signature": [0] * 9}])
def test_somebody_else_who_writes_is_named(fresh, changes):
    fresh.add(range(20))
    plan = fresh.plan()
    fresh.perform(plan)
    later = {"version": 10**18, "version_type": "external"}
    document = {plan.layout.path_name: "theirs"}
    fresh.client.index(index=plan.index, id="d7", document=document, **later)
    fresh.add([7], **changes)
    with pytest.raises(MeasurementError, match=r"newer document 'd7' .*runs elsewhere.*Stop that"):
        fresh.perform(plan)
    assert paths(fresh, plan)[0]["d7"] == "theirs"
