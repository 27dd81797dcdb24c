"""Scale configs: those of the project are valid, wrong ones are refused by name."""

from pathlib import Path

import pytest

from bench.kinds.scale.config import REPORTED, Scale
from bench.runs.config_file import load_config
from bench.runs.environment import ROOT
from bench.runs.errors import ExperimentError, MeasurementError
from bench.sizes.fit import supported_models
from bench.sizes.projection import Cluster

GOOD = """\
version: 1
kind: scale
name: good
variants: [{name: a, codec: {id: none}}]
sizes: [100, 200, 300, 400, 500]
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "scale.yaml"
    path.write_text(text)
    return load_config(path, Scale)


@pytest.mark.parametrize("name", ["scale", "scale-500k"])
def test_own_configs_test_every_term(name):
    scale = load_config(ROOT / "bench" / "configs" / f"{name}.yaml", Scale)
    assert supported_models(scale.sizes[:-1])[-1] == "full"
    assert scale.expand()[0].index_name == "tester"
    assert set(scale.reported) == {
        "with_signature",
        "without_signature",
        "feared_without_signature",
    }


def test_what_keeps_no_path_to_filter_by_is_refused(tmp_path):
    filtered = SEARCHED.replace("quality: {}", "quality: {filtered_shares: [0.1]}")
    assert load(tmp_path, filtered).canonical()["quality"]["filtered_shares"] == [0.1]
    assert "filtered_shares" not in load(tmp_path, SEARCHED).canonical()["quality"]
    text = filtered.replace("{id: none}", "{id: none}, layout: tagged_integer")
    with pytest.raises(ExperimentError, match=r"filtered_shares: a cannot be filtered.*tagged_int"):
        load(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "largest"),
    [("scale-2m", 2_000_000), ("scale-8m", 8_316_821), ("scale-20m", 20_000_000)],
)
def test_the_largest_size_is_predicted_from_a_hundred_thousand(name, largest):
    scale = load_config(ROOT / "bench" / "configs" / f"{name}.yaml", Scale)
    assert scale.sizes[-2:] == [100_000, largest]
    assert supported_models(scale.sizes[:-1])[-1] == "full"
    assert supported_models(scale.sizes)[-1] == "full"


def test_defaults(tmp_path):
    scale = load(tmp_path, GOOD)
    assert scale.projection.cluster == Cluster()
    assert scale.dataset.documents is None
    assert scale.dataset.no_match_share == 0


def test_the_key_depends_on_what_is_measured(tmp_path):
    key = load(tmp_path, GOOD).key
    assert load(tmp_path, GOOD + "title: Other\n").key == key
    assert load(tmp_path, GOOD + "projection: {replicas: 2}\n").key != key
    assert load(tmp_path, GOOD.replace("500", "600")).key != key
    assert load(tmp_path, GOOD.replace("{id: none}", "{id: base62}")).key != key


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[100, 200, 300, 400, 500]", "[100, 200, 300, 500]", "sizes"),
        ("[100, 200, 300, 400, 500]", "[100, 200, 300, 500, 400]", "must ascend"),
        ("name: good", "name: good\nreported: {lunch: a}", "no figure 'lunch'; there are: with_"),
        ("name: good", "name: good\nreported: {with_signature: b}", "no variant 'b'; there are: a"),
        ("name: good", "name: good\nprojection: {shard: 3}", "projection.shard: unknown key"),
        (
            "name: good",
            "name: good\nprojection: {node_gb: 100}",
            "a shard of shard_gb: 50 takes as much again .* of node_gb: 100 has, of which 85%",
        ),
        ("kind: scale", "kind: scales", "kind"),
        ("{id: none}", "{id: nine}", "nine"),
    ],
)
def test_wrong_configs_are_refused(tmp_path, old, new, message):
    with pytest.raises(ExperimentError, match=message):
        load(tmp_path, GOOD.replace(old, new))


SEARCHED = GOOD + "queries: {documents: 250}\nquality: {}\ncost: {sizes: [300, 500]}\n"


def test_indices_are_searched_where_they_hold_every_real_document(tmp_path):
    scale = load(tmp_path, SEARCHED)
    assert scale.dataset.documents == 250
    assert scale.dataset.queries == 400
    assert scale.judged_sizes(250) == [300, 400, 500]
    assert scale.timed_sizes(250) == [300, 500]
    with pytest.raises(MeasurementError, match="of the 501 real documents the largest size, 500"):
        scale.judged_sizes(501)
    with pytest.raises(
        MeasurementError, match=r"cost.sizes: 300 .* some of the 301 real .* 400, 50"
    ):
        scale.timed_sizes(301)
    without = load(tmp_path, GOOD)
    assert without.judged_sizes(501) == without.timed_sizes(501) == []
    assert {"queries", "cost", "quality"}.isdisjoint(without.canonical())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("queries: {documents: 250}\n", "", "quality: there is nothing to search for|cost: there"),
        ("quality: {}\ncost: {sizes: [300, 500]}\n", "", "nothing is measured of them"),
        ("[300, 500]", "[300, 501]", "cost.sizes: there is no 501 among 100, 200"),
        ("[300, 500]}", "[300], variants: [b]}", "cost.variants: there is no 'b' among a"),
        (
            "quality: {}",
            "quality: {filtering_words: [1]}",
            "quality.filtering_words: no variant has words that could narrow its vectors; give one",
        ),
        ("quality: {}", "quality: {filtering_words: [0]}", "filtering_words"),
        ("quality: {}", "quality: {filtered_shares: [1]}", "filtered_shares"),
        ("quality: {}", "quality: {filtered_shares: [0.5, 0.5]}", "each number once"),
        ("quality: {}", "quality: {filtering_words: [2, 2]}", "each number once"),
        ("quality: {}", "quality: {k: 1}", "quality.k"),
        ("quality: {}", "quality: {k: 100}", "k: 100 is no rank below the 100 hits"),
        ("quality: {}", "quality: {num_candidates: [50]}", "50 are fewer than the 100 hits"),
    ],
)
def test_wrong_searches_are_refused(tmp_path, old, new, message):
    with pytest.raises(ExperimentError, match=message):
        load(tmp_path, SEARCHED.replace(old, new))


BOTH = SEARCHED.replace("{id: none}", "{id: none}, layout: vector_sign_flat_keyword")


def test_words_that_narrow_bits_are_words_of_an_index(tmp_path):
    scale = load(tmp_path, BOTH.replace("quality: {}", "quality: {filtering_words: [1, 63]}"))
    assert scale.canonical()["quality"]["filtering_words"] == [1, 63]
    assert "filtering_words" not in load(tmp_path, BOTH).canonical()["quality"]
    with pytest.raises(ExperimentError, match="64 words are more than a has, 63"):
        load(tmp_path, BOTH.replace("quality: {}", "quality: {filtering_words: [64]}"))


def test_the_config_to_a_million_searches_what_wins():
    scale = load_config(ROOT / "bench" / "configs" / "scale-1m.yaml", Scale)
    assert supported_models(scale.sizes[:-1])
    assert scale.timed_sizes(20_000) == scale.judged_sizes(20_000) == [20_000, 200_000, 1_000_000]
    assert scale.expand()[0].index_name == "tester"


def test_bytes_a_document_that_users_report():
    expected = {
        "with_signature": 31.2 * 1024**3 / 7_488_880,
        "without_signature": 11.9 * 1024**3 / 8_316_821,
        "feared_without_signature": 1_500,
    }
    found = {name: size.bytes_per_document for name, size in REPORTED.items()}
    assert found == pytest.approx(expected)
