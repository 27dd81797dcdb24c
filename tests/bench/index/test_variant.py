"""Identity of variants, names of indices, and what is refused of both."""

import pytest
from elasticsearch import BadRequestError

from bench.index.variant import Variant, check_index_name, source_of
from bench.runs.errors import ExperimentError
from tests.shared import DISTRIBUTION


def test_name_is_no_part_of_the_identity():
    codec = {"id": "base62", "strip": "none"}
    plain, named = Variant(63, 16, codec), Variant(63, 16, codec, name="tester_str")
    assert plain.key == named.key
    assert named.index_name == "tester_str"
    assert plain.index_name.startswith("n63-k16-base62-none-dynamic-")


def test_defaults_written_out_are_the_same_variant():
    short = Variant(63, 16, {"id": "base62"}, signature={"n": 9})
    long = Variant(63, 16, {"id": "base62", "strip": "none"})
    assert short.key == long.key
    assert short.index_name == long.index_name


@pytest.mark.parametrize("change", [{"N": 62}, {"k": 15}, {"codec": {"id": "none"}}])
def test_every_axis_changes_the_identity(change):
    base = {"N": 63, "k": 16, "codec": {"id": "int_array"}}
    assert Variant(**base).key != Variant(**base | change).key
    assert Variant(**base).index_name != Variant(**base | change).index_name


def test_codec_follows_the_signature_config():
    variant = Variant(20, 8, {"id": "int_array"}, signature={"n": 5, "n_levels": 3})
    assert variant.get_codec().grid.n == 5
    assert variant.get_codec().n_levels == 3
    assert "signature" in variant.canonical()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"k": 40}, "k = 40"),
        ({"N": 649}, "N = 649"),
        ({"codec": {"id": "base99"}}, "base99"),
        ({"codec": {"id": "base62", "strip": "most"}}, "most"),
        ({"codec": {"id": "base62", "colour": 1}}, "colour"),
        ({"layout": "flat"}, "flat"),
        ({"signature": {"n": 1}}, "n must be"),
        ({"N": 995, "signature": {"n": 12}}, "990"),
    ],
)
def test_impossible_combinations_are_refused_with_the_reason(parameters, message):
    base = {"N": 63, "k": 16, "codec": {"id": "int_array"}}
    with pytest.raises(ExperimentError, match=message):
        Variant(**base | parameters)


def test_only_none_stores_no_signature():
    assert not Variant(63, 16, {"id": "none"}).stores_signature
    assert Variant(63, 16, {"id": "int_array"}).stores_signature


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
def test_the_rules_are_those_of_the_engine(engine):
    for name in TAKEN:
        check_index_name(name)
        engine.client.indices.create(index=name, wait_for_active_shards=0)
        engine.client.indices.delete(index=name)
    for name in REFUSED:
        # Security, where there is one, looks at a name first, and says in its own words that it is
        # a pattern.
        is_pattern = "*" in name and DISTRIBUTION.engine == "elasticsearch"
        words = "does not support wildcards" if is_pattern else "invalid_index_name_exception"
        with pytest.raises(BadRequestError, match=words):
            engine.client.indices.create(index=name)


def test_what_is_ranked_by_names_the_source():
    expected = {
        "63x16": Variant(63, 16, {"id": "none"}),
        "32x7": Variant(32, 7, {"id": "none"}, layout="keyword_column"),
        "16x8 anywhere": Variant(16, 8, {"id": "none"}, layout="untagged"),
        "272 bits": Variant(63, 16, {"id": "none"}, layout="vector_sign_flat"),
    }
    assert {name: source_of(one) for name, one in expected.items()} == {n: n for n in expected}
    graph = Variant(63, 16, {"id": "none"}, layout="vector_sign_hnsw_m32")
    assert source_of(graph) == "272 bits"
