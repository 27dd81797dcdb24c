from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from bench.advise.written import calls, config_of, identity_of
from bench.cli import cli
from bench.kinds.registry import get_kind
from imgsig.index import Identity

WORDS = {"variant": "words", "N": 63.0, "k": 6.0, "alphabet": "ternary", "spacing": "even"}
WORDS |= {"strip": "none", "layout": "keyword_column", "min_score": 1, "background": 3.0}
BITS = {"variant": "bits", "layout": "vector_sign_flat", "min_score": 1, "background": 3.0}


def chosen(row, ranking, cutoff, min_score=1, shards=1, replicas=1):
    more = {"ranking": ranking, "cutoff": cutoff, "min_score": min_score}
    size = SimpleNamespace(shards=shards, replicas=replicas)
    return SimpleNamespace(row=row | more, size=size)


@pytest.mark.parametrize(
    ("choice", "arguments"),
    [
        (chosen(WORDS, "score", 8.0, 8), 'rank="score", min_score=8'),
        (chosen(WORDS, "margin", 5.0), 'rank="margin", min_margin=5, background=3'),
        (
            chosen(WORDS, "sign_distance", 0.35, 4),
            'rank="signs", min_score=4, max_distance=0.35',
        ),
        (chosen(BITS, "margin", 20.0), 'rank="margin", min_margin=20, background=3'),
    ],
)
def test_the_search_ranks_and_cuts_as_it_was_measured(choice, arguments):
    created, searched = calls(choice)
    assert searched == f'index.search("a.jpg", {arguments})'
    assert created.startswith('index = ImageIndex.create(client, "photos", layout=')


@pytest.mark.parametrize(("shards", "replicas"), [(2, 1), (1, 0), (8, 3)])
def test_the_index_has_the_shards_and_replicas_that_were_reckoned_with(shards, replicas):
    created, _ = calls(chosen(BITS, "score", 200.0, shards=shards, replicas=replicas))
    told = f'{{"number_of_shards": {shards}, "number_of_replicas": {replicas}}}'
    assert created.endswith(f', codec={{"id": "none"}}, settings={told})')
    assert "settings" not in calls(chosen(BITS, "score", 200.0))[0]  # what engines make anyway


def test_an_index_of_bits_has_no_words_of_its_own():
    assert identity_of(chosen(BITS, "score", 200.0)) == {
        "layout": "vector_sign_flat",
        "codec": {"id": "none"},
    }
    words = identity_of(chosen(WORDS, "score", 8.0))
    assert Identity.from_config(words).words.get_config() == {"N": 63, "k": 6}


def test_an_index_that_was_measured_keeps_its_codec():
    codec = {"id": "context"}
    assert identity_of(chosen(BITS | {"codec": codec}, "score", 200.0))["codec"] == codec


@pytest.mark.parametrize("row", [WORDS, BITS])
@pytest.mark.parametrize("images", [1, 60_000, 10**6, 8 * 10**8])
def test_the_config_is_one_that_runs(row, images, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(config_of(chosen(row, "score", 8.0, 8), images, 'folder:/a "b" c'))
    config = get_kind("scale").load(path)
    assert config.pictures.collection == 'folder:/a "b" c'
    assert [one.layout for one in config.expand()] == ["dynamic", row["layout"]]
    assert config.sizes[-1] == min(max(images, 62_500), 25_000_000)
    assert config.sizes[0] >= 100
    assert YAML(typ="safe").load(path)["quality"] == {}


def test_the_config_is_planned_on_real_pictures(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(config_of(chosen(WORDS, "margin", 5.0), 60_000, "pictures"))
    result = CliRunner().invoke(cli, ["run", str(path), "--plan", "--results", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "chosen-62500" in result.output.replace(",", "")
