"""A plan's identity, and the index that it means."""

import json

import pytest

from bench.migrate.detect import Detected, detect
from bench.migrate.fields import choose_fields
from bench.migrate.plan import MigrationPlan, choose_target
from bench.runs.config_file import canonical_json
from bench.runs.errors import ExperimentError
from imgsig import WordScheme
from imgsig.codecs import get_codec
from imgsig.layouts import LAYOUTS


def plan_of(source, layout, **decisions) -> MigrationPlan:
    found = detect(source)
    variant = choose_target(layout, source.index, found)
    return MigrationPlan(source, found, variant, choose_fields(source, **decisions), False, 3, 1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_mapping_is_the_layouts_and_what_is_kept(as_source, records, layout):
    plan = plan_of(as_source(records()), layout)
    own = plan.layout.mappings(plan.variant.scheme, plan.variant.get_codec())
    mappings = plan.mappings()
    added = set(mappings.pop("properties")) - set(own.pop("properties", {}))
    texts = {"metadata_json", "timestamp_json"}
    has_source = plan.layout.source in ("full", "filtered")
    assert added == {"metadata", "timestamp"} | (set() if has_source else texts)
    assert mappings == own
    settings = plan.request()["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == (3, 1)


def test_decisions_are_part_of_the_identity(as_source, records):
    source = as_source(records())
    plans = [
        plan_of(source, "tagged_column"),
        plan_of(source, "tagged_long"),
        plan_of(source, "tagged_column", drop=["metadata"]),
        plan_of(as_source(records(), uuid="v"), "tagged_column"),
        plan_of(as_source(records(codec="base62")), "tagged_column"),
    ]
    keys = {canonical_json(plan.identity()) for plan in plans}
    assert len(keys) == 5
    another = plan_of(as_source(records(count=20)), "tagged_column")
    assert canonical_json(another.identity()) in keys


ARRAYS = Detected(get_codec({"id": "int_array"}), WordScheme(N=20, k=8), 9, 180, "")
BARE = Detected(None, WordScheme(N=20, k=8), 0, 0, "")


def test_a_layout_takes_the_words_of_the_source():
    target = choose_target("tagged_column", "photos", ARRAYS)
    assert (target.N, target.k, target.codec["id"]) == (20, 8, "context")
    assert target.index_name == "photos-tagged-column"
    assert choose_target("tagged_column", "p", BARE, copy_words=True).codec == {"id": "none"}
    stripped = choose_target("long", "p", ARRAYS, codec="base62", strip="border", name="q")
    assert (stripped.codec, stripped.index_name) == ({"id": "base62", "strip": "border"}, "q")


def test_json_and_a_config_say_everything(tmp_path):
    form = {"N": 63, "k": 16, "codec": {"id": "packed", "strip": "half"}, "layout": "long"}
    assert choose_target(json.dumps(form), "p", ARRAYS).canonical() == form
    config = tmp_path / "my.yaml"
    config.write_text(
        "version: 1\nname: my\nvariants:\n  - {name: small, k: 9, codec: {id: base85}}\n"
    )
    target = choose_target(f"{config}:small", "p", ARRAYS)
    assert (target.index_name, target.k, target.codec["id"]) == ("small", 9, "base85")
    with pytest.raises(ExperimentError, match="no variant 'large'; it has small"):
        choose_target(f"{config}:large", "p", ARRAYS)


@pytest.mark.parametrize(
    ("to", "options", "message"),
    [
        ("nowhere", {}, "neither a layout"),
        ("{", {}, "not valid JSON"),
        ('{"N": 63}', {}, "is not a variant"),
        ('{"N": 63, "k": 16, "codec": {"id": "none"}}', {"codec": "base62"}, "go with a layout"),
        ('{"N": 9, "k": 8, "codec": {"id": "none"}}', {"copy_words": True}, "need the signature"),
        (
            '{"N": 9, "k": 8, "codec": {"id": "packed"}, "signature": {"n": 7}}',
            {},
            "cannot change the grid",
        ),
    ],
)
def test_what_cannot_be_is_refused(to, options, message):
    with pytest.raises(ExperimentError, match=message):
        choose_target(to, "p", ARRAYS, **options)


def test_another_grid_is_taken_over():
    seven = Detected(get_codec({"id": "int_array", "n": 7}), WordScheme(N=20, k=8), 9, 180, "")
    target = choose_target("tagged_column", "p", seven)
    assert target.signature == {"n": 7}
    assert target.codec == {"id": "packed", "strip": "half", "n": 7}
