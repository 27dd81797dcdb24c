"""Experiment configs: what they expand to, and the errors they give."""

from pathlib import Path

import pytest

from bench.kinds.experiment.config import Experiment
from bench.kinds.run import plan_run
from bench.runs.config_file import load_config, read_config
from bench.runs.errors import ExperimentError

CONFIGS = sorted((Path(__file__).parents[4] / "bench" / "configs").glob("*.yaml"))


def load(tmp_path, text: str) -> Experiment:
    path = tmp_path / "experiment.yaml"
    path.write_text(text)
    return load_config(path, Experiment)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_shipped_configs_are_valid(path):
    assert read_config(path)["name"] == path.stem
    plan = plan_run(path, path.parent)
    assert plan.stages
    assert bool(plan.indices) == (plan.kind != "codecs")  # which needs no engine


def test_the_three_historical_variants():
    path = next(path for path in CONFIGS if path.stem == "tester")
    variants = load_config(path, Experiment).expand()
    assert [v.index_name for v in variants] == ["tester", "tester_str", "tester_none"]
    assert {(v.N, v.k, v.layout) for v in variants} == {(63, 16, "dynamic")}
    assert [v.codec["id"] for v in variants] == ["int_array", "base62", "none"]


def test_matrix_expands_to_every_combination(tmp_path):
    text = "name: x\nmatrix: {N: [16, 32], k: [8, 10], codec: [{id: none}, {id: base36}]}\n"
    variants = load(tmp_path, text).expand()
    assert len(variants) == 8
    assert len({variant.key for variant in variants}) == 8
    assert len({variant.index_name for variant in variants}) == 8


def test_a_named_point_of_the_matrix_is_built_once(tmp_path):
    text = "name: x\nvariants: [{name: mine, codec: {id: none}}]\nmatrix: {N: [63, 10]}\n"
    names = [variant.index_name for variant in load(tmp_path, text).expand()]
    assert names[0] == "mine"
    assert len(names) == 2


def test_canonical_form_ignores_title_and_notation(tmp_path):
    a = load(tmp_path, "name: x\ntitle: one\nmatrix: {k: [16], N: [63]}\n")
    b = load(tmp_path, "name: x\ntitle: two\nmatrix: {codec: [{id: none}]}\n")
    c = load(tmp_path, "name: x\nmatrix: {N: [62]}\n")
    assert a.key == b.key
    assert a.key != c.key


def test_the_disk_is_no_part_of_the_identity(tmp_path):
    plain = "name: x\nmatrix: {}\nindex: {shards: 1}\nengine: {heap: 1g}\n"
    small = "name: x\nmatrix: {}\nindex: {keep: false}\nengine: {disk_floor: 5g}\n"
    a, b = load(tmp_path, plain), load(tmp_path, small)
    assert a.canonical() == b.canonical()
    assert a.canonical()["index"] == {"shards": 1, "replicas": 0}
    assert (a.index.keep, b.index.keep, b.engine.disk_floor) == (True, False, "5g")
    with pytest.raises(ExperimentError, match=r"engine\.disk_floor: must match"):
        load(tmp_path, "name: x\nmatrix: {}\nengine: {disk_floor: 5%}\n")


def test_query_settings_do_not_change_variants(tmp_path):
    a = load(tmp_path, "name: x\nmatrix: {}\nsearch: {size: 10, score_cutoff: 9}\n")
    b = load(tmp_path, "name: x\nmatrix: {}\n")
    assert [v.key for v in a.expand()] == [v.key for v in b.expand()]
    assert a.key != b.key


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("name: x\nvariantz: []\n", ["variantz: unknown key", "variants"]),
        ("name: x\nmatrix: {m: [1]}\n", ["matrix.m: unknown key", "N, k, codec, layout"]),
        (
            "name: x\nvariants: [{name: a, kk: 1, codec: {id: none}}]\n",
            ["variants.0.kk: unknown key", "name, N, k, codec, layout"],
        ),
        ("name: X!\nmatrix: {}\n", ["name: must match", "X!"]),
        ("name: x\nmatrix: {k: [50]}\n", ["k = 50 is impossible", "1 to 39"]),
        ("name: x\nmatrix: {N: ['a']}\n", ["matrix.N.0", "integer"]),
        ("name: x\n", ["no variant"]),
        ("name: x\nmatrix: {codec: [{id: base99}]}\n", ["base99", "int_array, "]),
        (
            "name: x\nvariants: [{name: a, codec: {id: none}}, {name: b, codec: {id: none}}]\n",
            ["'a' and 'b' are the same"],
        ),
        (
            "name: x\nvariants: [{name: a, codec: {id: none}}, {name: a, codec: {id: base36}}]\n",
            ["two variants have the name 'a'"],
        ),
        (
            "name: x\ncost: {}\n"
            "variants: [{name: a, codec: {id: none}}, {name: a-timed, codec: {id: base36}}]\n",
            ["'a-timed' is also the further index"],
        ),
        ("name: x\nname: y\n", ["line 2 repeats a key"]),
        ("[1, 2]", ["not a mapping"]),
        ("name: x\nmatrix: {}\nsearch: {distance_cutoff: 2}\n", ["search.distance_cutoff"]),
        ("version: 2\nname: x\nmatrix: {}\n", ["version"]),
        ("name: x\nmatrix: {}\nengine: {heap: lots}\n", ["engine.heap: must match"]),
    ],
)
def test_errors_name_the_key_and_what_is_allowed(tmp_path, text, messages):
    with pytest.raises(ExperimentError) as raised:
        load(tmp_path, text)
    for message in messages:
        assert message in str(raised.value)


def test_all_wrong_keys_are_told_at_once(tmp_path):
    with pytest.raises(ExperimentError) as raised:
        load(tmp_path, "name: X!\nfoo: 1\nmatrix: {}\nsearch: {size: 0}\n")
    assert len(str(raised.value).splitlines()) == 4


def test_missing_file_is_named(tmp_path):
    with pytest.raises(ExperimentError, match="nowhere"):
        load_config(tmp_path / "nowhere.yaml", Experiment)


def test_yaml_tags_are_not_executed(tmp_path):
    with pytest.raises(ExperimentError, match="YAML"):
        load(tmp_path, "name: !!python/object/apply:os.getcwd []\n")
