"""Engine configs: that of the project is valid, wrong ones are refused by name."""

import pytest

from bench.kinds.engines.config import Engines
from bench.runs.config_file import load_config
from bench.runs.environment import ROOT
from bench.runs.errors import ExperimentError

GOOD = """\
version: 1
kind: engines
name: good
engines: [{name: elasticsearch, version: 9.2.4}, {name: opensearch, version: 3.3.2}]
variants: [{name: a, codec: {id: none}}]
"""


def load(tmp_path, text):
    path = tmp_path / "engines.yaml"
    path.write_text(text)
    return load_config(path, Engines)


def test_own_config_names_five_engines_with_the_default_first():
    config = load_config(ROOT / "bench" / "configs" / "engines.yaml", Engines)
    titles = [one.title for one in config.distributions]
    assert len(titles) == 5
    assert titles[0] == "Elasticsearch 9.2.4"
    assert {title.split(" ")[0] for title in titles} == {"Elasticsearch", "OpenSearch"}


def test_without_a_version_it_is_the_newest_of_its_name(tmp_path):
    config = load(tmp_path, GOOD.replace(", version: 3.3.2", ""))
    assert config.distributions[1].title == "OpenSearch 3.3.2"
    assert config.key == load(tmp_path, GOOD).key


def test_the_key_depends_on_what_is_measured(tmp_path):
    key = load(tmp_path, GOOD).key
    assert load(tmp_path, GOOD + "title: Other\nengine: {disk_floor: 2g}\n").key == key
    for other in (
        GOOD.replace("3.3.2", "2.19.6"),
        GOOD + "engine: {heap: 512m}\n",
        GOOD + "search: {timed: 20}\n",
        GOOD.replace("{id: none}", "{id: base62}"),
    ):
        assert load(tmp_path, other).key != key


def test_the_default_engine_is_no_part_of_the_key(tmp_path):
    assert load(tmp_path, GOOD).canonical()["engine"] == {"heap": "1g"}


def test_one_index_that_another_engine_holds_is_enough(tmp_path):
    vector = "variants: [{name: v, layout: vector_bit_flat, codec: {id: none}}, "
    assert len(load(tmp_path, GOOD.replace("variants: [", vector)).expand()) == 2


def test_vectors_may_be_on_one_engine_alone(tmp_path):
    alone = GOOD.replace(", {name: opensearch, version: 3.3.2}", "")
    vectors = alone.replace("{name: a, ", "{name: a, layout: vector_bit_flat, ")
    assert len(load(tmp_path, vectors).distributions) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3.3.2", "9.9.9", "opensearch 9.9.9 cannot be embedded"),
        ("{name: opensearch, version: 3.3.2}", "{name: elasticsearch}", "9.2.4 is there twice"),
        ("engines: [{name: el", "engines: []\nothers: [{name: el", "at least 1 item"),
        ("name: good\n", "name: good\nengine: {nodes: 2}\n", "those under 'engines'"),
        ("name: good\n", "name: good\nengine: {version: 9.0.0}\n", "those under 'engines'"),
        ("{id: none}}", "{id: none}}, {name: b, codec: {id: none}}", "are the same"),
        ("name: good\n", "name: good\ncost: {}\n", "cost"),
        ("{id: none}}", "{id: none}}, {name: a-timed, k: 8, codec: {id: none}}", "'a-timed' is"),
        ("{name: a, ", "{name: a, layout: vector_bit_flat, ", "OpenSearch 3.3.2 can hold no"),
        (
            "{name: elasticsearch, version: 9.2.4}, {name: opensearch, version: 3.3.2}]\n"
            "variants: [{name: a,",
            "{name: opensearch}, {name: elasticsearch}]\n"
            "variants: [{name: a, layout: vector_bit_flat,",
            "compared with OpenSearch 3.3.2, which cannot hold layout vector_bit_flat",
        ),
    ],
)  # fmt: skip
def test_wrong_configs_are_refused_by_name(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(ExperimentError, match=message):
        load(tmp_path, GOOD.replace(old, new))
