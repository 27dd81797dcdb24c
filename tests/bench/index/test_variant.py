"""Identity of variants, and combinations that are refused."""

import pytest

from bench.index.variant import Variant
from bench.runs.errors import ExperimentError


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
