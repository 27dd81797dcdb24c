"""Names of indices: what is refused is what Elasticsearch refuses."""

import pytest
from elasticsearch import BadRequestError

from bench.index.names import check_index_name
from bench.index.variant import Variant
from bench.runs.errors import ExperimentError

REFUSED = [
    *("Photos", "naÏve", "_x", "-x", "+x", ".", "..", "a b", 'a"b', "a\\b"),
    *("a*b", "a?b", "a#b", "a:b", "a,b", "a|b", "a/b", "a<b", "a>b", "x" * 256, "é" * 128),
]
TAKEN = ["a.b", "x-1_2", "naïve", "x" * 255, "é" * 127, "写真", "a=b;c&d'e"]


@pytest.mark.parametrize("name", [*REFUSED, "", "<a>", "caf\udce9"])
def test_a_name_that_no_index_can_have_is_refused_with_the_reason(name):
    with pytest.raises(ExperimentError, match=r"no index can be called .*; give another name"):
        check_index_name(name)


def test_a_variant_cannot_have_such_a_name():
    with pytest.raises(ExperimentError, match=r"'My Index': .* give the variant another"):
        Variant(63, 16, {"id": "none"}, name="My Index")


@pytest.mark.engine
def test_the_rules_are_those_of_elasticsearch(engine):
    for name in TAKEN:
        check_index_name(name)
        engine.client.indices.create(index=name, wait_for_active_shards=0)
        engine.client.indices.delete(index=name)
    for name in REFUSED:
        with pytest.raises(BadRequestError, match="invalid_index_name_exception"):
            engine.client.indices.create(index=name)
