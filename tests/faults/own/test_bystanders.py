"""Indices of others: what careless patterns match, and every change to them is noticed."""

import pytest

from tests.faults.bystanders import Bystanders, names_like


@pytest.mark.engine
def test_a_change_to_others_is_noticed(engine):
    others = Bystanders(engine.client, ["theirs-1", "theirs-2"])
    try:
        assert others.changed() == []
        engine.client.index(index="theirs-2", id="1", document={"n": 1})
        assert others.changed() == ["theirs-2"]
        engine.client.indices.put_settings(index="theirs-1", settings={"refresh_interval": "7s"})
        assert others.changed() == ["theirs-1", "theirs-2"]
    finally:
        others.remove()


def test_bystanders_are_what_careless_patterns_match():
    assert {"x", ".x_array", ".ds-x_array-2026.01.01-000001"} < set(names_like("x"))
