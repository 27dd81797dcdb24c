"""An alias leads to the new index when all is there."""

import pytest

from bench.migrate.switch import check_switch, switch, switched_from
from bench.runs.errors import ExperimentError, IndexStateError

pytestmark = pytest.mark.engine


@pytest.fixture
def named(fresh):
    """A source with two aliases, and its plan."""
    fresh.add(range(20))
    filtered = {"filter": {"term": {"metadata.category.keyword": "art"}}}
    for name, alias in (("photos", {"is_write_index": True}), ("art", filtered)):
        fresh.client.indices.put_alias(index=fresh.index, name=f"{fresh.index}-{name}", body=alias)
    return fresh, fresh.plan()


def test_an_alias_is_switched_as_it_was_and_once(named):
    made, plan = named
    client, photos, art = made.client, f"{made.index}-photos", f"{made.index}-art"
    assert made.perform(plan).verified.is_whole
    assert switched_from(client, photos) is None
    assert switch(client, plan, photos)
    assert switch(client, plan, art)
    there = client.indices.get_alias(index=plan.index)[plan.index]["aliases"]
    assert there[photos] == {"is_write_index": True}
    assert there[art]["filter"] == {"term": {"metadata.category.keyword": "art"}}
    assert client.count(index=art)["count"] == 7
    assert client.indices.get_alias(index=made.index)[made.index]["aliases"] == {}
    assert not switch(client, plan, photos)  # again
    assert switched_from(client, photos) == (plan.index, made.index)


def test_what_cannot_be_switched_is_told(named, arrays, index_name):
    made, plan = named
    client = made.client
    with pytest.raises(IndexStateError, match=rf"no such alias.*Those of .*{made.index}-art"):
        check_switch(client, plan, "nowhere")
    with pytest.raises(IndexStateError, match=r"no such alias\. It is an index"):
        check_switch(client, plan, made.index)
    client.indices.put_alias(index=f"{made.index},{arrays.index}", name=f"{index_name}-both")
    with pytest.raises(IndexStateError, match="names 2 indices"):
        check_switch(client, plan, f"{index_name}-both")
    client.indices.put_alias(index=arrays.index, name=f"{index_name}-other")
    with pytest.raises(IndexStateError, match=f"leads to '{arrays.index}', not to"):
        check_switch(client, plan, f"{index_name}-other")
    for alias in ("both", "other"):
        client.indices.delete_alias(index=arrays.index, name=f"{index_name}-{alias}")
    with pytest.raises(ExperimentError, match=r"another cluster \(there\).*change the application"):
        check_switch(client, plan, f"{made.index}-photos", "there")
    made.index, whole = f"{made.index}-art", made.index
    part = made.plan()
    made.index = whole
    with pytest.raises(IndexStateError, match="shows other documents"):
        check_switch(client, part, f"{whole}-photos")
    check_switch(client, part, f"{whole}-art")
