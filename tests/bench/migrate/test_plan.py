"""A plan's identity, and the index that it means."""

import pytest

from bench.migrate.detect import detect
from bench.migrate.fields import choose_fields
from bench.migrate.plan import Plan
from bench.migrate.target import choose_target
from imgsig.layouts import LAYOUTS


def plan_of(source, layout, **decisions) -> Plan:
    found = detect(source)
    variant = choose_target(layout, source.index, found)
    return Plan(source, found, variant, choose_fields(source, **decisions), False, 3, 1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_mapping_is_the_layouts_and_what_is_kept(as_source, records, layout):
    plan = plan_of(as_source(records()), layout)
    own = plan.layout.mappings(plan.variant.scheme, plan.variant.get_codec())
    mappings = plan.mappings()
    added = set(mappings.pop("properties")) - set(own.pop("properties", {}))
    kept = plan.layout.source in ("full", "filtered")
    assert added == {name + ("" if kept else "_json") for name in ("metadata", "timestamp")}
    assert mappings == own
    settings = plan.request()["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == (3, 1)


def test_decisions_are_part_of_the_identity(as_source, records):
    source = as_source(records())
    keys = {
        plan_of(source, "tagged_column").key,
        plan_of(source, "tagged_long").key,
        plan_of(source, "tagged_column", drop=["metadata"]).key,
        plan_of(as_source(records(), uuid="v"), "tagged_column").key,
        plan_of(as_source(records(codec="base62")), "tagged_column").key,
    }
    assert len(keys) == 5
    assert plan_of(as_source(records(count=20)), "tagged_column").key in keys
