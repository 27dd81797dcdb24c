"""What a cluster's templates add to an index is refused; what an engine writes down is not."""

import pytest

from bench.index.build import create_index, owner
from bench.index.templates import not_asked_for
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError

#: What each engine writes down of an index for which nothing but the two last was asked.
WRITTEN_DOWN = {
    "index.creation_date": "1795908083675",
    "index.number_of_replicas": "0",
    "index.number_of_shards": "1",
    "index.provided_name": "made",
    "index.replication.type": "DOCUMENT",
    "index.routing.allocation.include._tier_preference": "data_content",
    "index.uuid": "dm_Bs2dkSbyBxR8U3xlQ4g",
    "index.version.created": "9039003",
    "index.refresh_interval": "-1",
    "index.store.stats_refresh_interval": "0s",
}
ASKED = {
    **{"number_of_shards": 1, "number_of_replicas": 0},
    **{"refresh_interval": "-1", "store.stats_refresh_interval": "0s"},
}
MAPPINGS = {
    "dynamic": "strict",
    "_source": {"excludes": ["words"]},
    "_meta": {"imgsig": {"format": 1}},
    "properties": {
        "words": {"type": "keyword", "doc_values": False, "similarity": "boolean"},
        "vector": {"type": "dense_vector", "dims": 8, "index_options": {"type": "hnsw"}},
    },
}


def found(settings=None, **mappings):
    return {
        "settings": WRITTEN_DOWN | (settings or {}),
        "mappings": MAPPINGS | {"_meta": {"imgsig": {"format": 1}, "ours": True}} | mappings,
    }


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("analysis.analyzer.default.type", "whitespace"),
        ("auto_expand_replicas", "0-1"),
        ("codec", "best_compression"),
        ("default_pipeline", "stamp"),
        ("final_pipeline", "stamp"),
        ("lifecycle.name", "hot-warm"),
        ("mapping.source.mode", "synthetic"),
        ("merge.policy.max_merged_segment", "1gb"),
        ("mode", "logsdb"),
        ("refresh_interval", "1s"),
        ("soft_deletes.retention_lease.period", "1h"),
        ("sort.field", "path"),
        ("store.type", "niofs"),
        ("translog.durability", "async"),
    ],
)
def test_settings_that_change_what_is_measured_are_told(setting, value):
    there = found({f"index.{setting}": value})
    assert not_asked_for(there, MAPPINGS, ASKED) == [f"index.{setting}: {value}"]
    assert not_asked_for(there, MAPPINGS, ASKED | {setting: value}) == []


@pytest.mark.parametrize(
    ("mappings", "told"),
    [
        ({"dynamic": "false"}, "mappings.dynamic: false"),
        ({"date_detection": False}, "mappings.date_detection: False"),
        ({"dynamic_templates": [{"all": {}}]}, "mappings.dynamic_templates: [{'all': {}}]"),
        ({"_routing": {"required": True}}, "mappings._routing.required: True"),
        (
            {"_source": {"excludes": ["words", "path"]}},
            "mappings._source.excludes: ['words', 'path']",
        ),
        (
            {"properties": MAPPINGS["properties"] | {"host": {"type": "keyword"}}},
            "mappings.properties.host.type: keyword",
        ),
        (
            {"properties": {"words": MAPPINGS["properties"]["words"] | {"store": True}}},
            "mappings.properties.words.store: True",
        ),
    ],
)
def test_parameters_of_the_mapping_are_told(mappings, told):
    assert not_asked_for(found(**mappings), MAPPINGS, ASKED) == [told]


def test_what_an_engine_writes_down_is_no_matter():
    graph = {"type": "hnsw", "m": 16, "ef_construction": 100}
    vector = MAPPINGS["properties"]["vector"] | {"dims": "8", "index_options": graph}
    filled_in = found(
        {"index.mapping.total_fields.limit": "2000"},
        properties=MAPPINGS["properties"] | {"vector": vector},
    )
    assert not_asked_for(filled_in, MAPPINGS, ASKED) == []
    # A parameter that is asked for and the default is not told by every engine.
    unsaid = {"words": {"type": "keyword", "similarity": "boolean"}}
    assert not_asked_for(found(properties=unsaid), MAPPINGS, ASKED) == []
    synthetic = ASKED | {"mapping.source.mode": "synthetic"}
    said = found(
        {"index.mapping.source.mode": "synthetic"},
        _source={"excludes": ["words"], "mode": "SYNTHETIC"},
    )
    assert not_asked_for(said, MAPPINGS, synthetic) == []


JSON = {"content-type": "application/json", "accept": "application/json"}


@pytest.fixture
def template(engine, index_name):
    """Make index templates for one index."""
    paths: list[str] = []

    def make(path, template, **more):
        kind, _, _ = path.partition("/")
        inner = {"template": template} if kind == "_index_template" else template
        body = {"index_patterns": [index_name], **inner, **more}
        paths.append(path)
        engine.client.perform_request("PUT", f"/{path}", headers=JSON, body=body)

    yield make
    for path in paths:
        engine.client.perform_request("DELETE", f"/{path}", headers=JSON)


#: As people have them for all of a cluster's indices.
CATCH_ALL = {
    "settings": {
        "index.codec": "best_compression",
        "index.default_pipeline": "stamp",
        "index.mapping.total_fields.limit": "2000",
        "index.translog.durability": "async",
    },
    "mappings": {
        "dynamic_templates": [
            {"texts": {"match_mapping_type": "string", "mapping": {"type": "keyword"}}}
        ],
        "properties": {"host": {"type": "keyword"}},
    },
}


@pytest.mark.engine
@pytest.mark.parametrize("kind", ["_index_template", "_template"])
@pytest.mark.filterwarnings("ignore:.*[Ll]egacy index templates", "ignore:.*has index patterns")
def test_an_index_that_templates_add_to_is_refused(engine, index_name, template, kind):
    variant = Variant(20, 10, {"id": "none"}, name=index_name)
    template(f"{kind}/imgsig-test-{index_name}", CATCH_ALL)
    with pytest.raises(IndexStateError) as told:
        create_index(engine.client, variant, "run")
    for part in (
        f"index {index_name!r} got what was not asked for",
        "index.codec: best_compression, index.default_pipeline: stamp, ",
        "index.translog.durability: async, mappings.dynamic_templates: [",
        "mappings.properties.host.type: keyword. Mostly an index template",
        f'"index_patterns": ["{index_name}"], "priority": 1000000',
    ):
        assert part in str(told.value)
    assert "total_fields" not in str(told.value)
    assert not engine.client.indices.exists(index=index_name)
    # The remedy, as it is told.
    template(f"_index_template/imgsig-test-{index_name}-exempt", {}, priority=1_000_000)
    create_index(engine.client, variant, "run")
    assert owner(engine.client, index_name) == "run"


@pytest.mark.engine
def test_a_template_that_sets_what_is_asked_for_is_no_matter(engine, index_name, template):
    settings = {"index.refresh_interval": "1s", "index.number_of_replicas": "2"}
    template(f"_index_template/imgsig-test-{index_name}", {"settings": settings})
    create_index(engine.client, Variant(20, 10, {"id": "none"}, name=index_name), "run")
    assert owner(engine.client, index_name) == "run"
