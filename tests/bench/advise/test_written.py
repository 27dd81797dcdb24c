from itertools import pairwise
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from bench.advise.written import calls, config_of, identity_of
from bench.cli import cli
from bench.kinds.registry import get_kind
from bench.kinds.scale.config import check_size
from bench.runs.errors import MeasurementError
from imgsig.index import Identity

WORDS = {"variant": "words", "N": 63.0, "k": 6.0, "alphabet": "ternary", "spacing": "even"}
WORDS |= {"strip": "none", "layout": "keyword_column", "min_score": 1, "background": 3.0}
CHOSEN = {"variant": "chosen", "N": 3.0, "k": 16.0, "alphabet": "ternary"}
CHOSEN |= {"spacing": (0, 5, 100), "strip": "none", "layout": "tagged_column"}
BOTH = WORDS | {"variant": "both", "layout": "vector_sign_flat_keyword"}
IMAGE_MATCH = {"variant": "tester_none", "N": 63.0, "k": 16.0, "alphabet": "ternary"}
IMAGE_MATCH |= {"spacing": "even", "strip": "none", "layout": "dynamic"}
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


def test_an_index_of_bits_and_words_keeps_its_words():
    created, _ = calls(chosen(BOTH, "score", 200.0))
    assert 'layout="vector_sign_flat_keyword", words={"N": 63, "k": 6}' in created
    assert identity_of(chosen(BOTH, "score", 200.0))["words"] == {"N": 63, "k": 6}


def test_chosen_words_are_named_by_where_they_begin():
    choice = chosen(CHOSEN, "score", 2.0, 2)
    assert identity_of(choice)["words"] == {"N": 3, "k": 16, "spacing": [0, 5, 100]}
    assert 'words={"N": 3, "k": 16, "spacing": [0, 5, 100]}' in calls(choice)[0]


def test_an_index_that_was_measured_keeps_its_codec():
    codec = {"id": "context"}
    assert identity_of(chosen(BITS | {"codec": codec}, "score", 200.0))["codec"] == codec


def loaded(path, row, images, collection="pictures"):
    path.write_text(config_of(chosen(row, "score", 8.0, 8), images, collection))
    return get_kind("scale").load(path)


@pytest.mark.parametrize("row", [WORDS, CHOSEN, BOTH, BITS])
@pytest.mark.parametrize("images", [1, 60_000, 10**6, 8 * 10**8])
def test_the_config_is_one_that_runs(row, images, tmp_path):
    path = tmp_path / "my.yaml"
    config = loaded(path, row, images, 'folder:/a "b" c')
    assert config.pictures.collection == 'folder:/a "b" c'
    assert [one.layout for one in config.expand()] == ["dynamic", row["layout"]]
    assert config.sizes[-1] == min(max(images, 62_500), 25_000_000)
    measured = config.expand()[1]
    if row is not BITS:
        assert measured.scheme == identity_words(row)
    assert YAML(typ="safe").load(path)["quality"] == {}


def identity_words(row):
    return Identity.from_config(identity_of(chosen(row, "score", 8.0))).words


def test_image_matchs_own_index_is_measured_once(tmp_path):
    config = loaded(tmp_path / "my.yaml", IMAGE_MATCH, 10**6)
    (only,) = config.expand()
    assert (only.index_name, only.layout, only.N, only.k) == ("chosen", "dynamic", 63, 16)
    with_signature = loaded(tmp_path / "2.yaml", IMAGE_MATCH | {"codec": {"id": "int_array"}}, 1)
    assert len(with_signature.expand()) == 2


#: The last two are of the default collection, in part and whole.
@pytest.mark.parametrize("pictures", [100, 150, 400, 5_000, 31_359, 36_303])
@pytest.mark.parametrize("images", [1, 31_359, 62_501, 10**6, 2 * 10**7, 8 * 10**8, 10**9])
def test_few_pictures_suffice_for_some_size_and_the_largest_holds_many(pictures, images, tmp_path):
    config = loaded(tmp_path / "my.yaml", WORDS, images)
    checked = check_size(config.sizes, pictures)
    assert checked is not None
    assert 100 <= checked <= pictures
    assert config.searched_sizes(pictures)
    steps = [after / before for before, after in pairwise(config.sizes)]
    assert all(2 <= step < 10 for step in steps)


def test_of_a_folder_larger_than_any_size_a_part_is_taken(tmp_path):
    path = tmp_path / "my.yaml"
    config = loaded(path, WORDS, 10**9)
    largest = config.sizes[-1]
    with pytest.raises(MeasurementError, match=r"give a larger size, or queries\.documents"):
        config.searched_sizes(largest + 1)
    path.write_text(path.read_text().replace("documents: null", f"documents: {largest}"))
    config = get_kind("scale").load(path)
    assert config.dataset.documents == largest
    assert config.searched_sizes(largest) == [largest]


def test_the_config_is_planned_on_real_pictures(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(config_of(chosen(WORDS, "margin", 5.0), 8 * 10**8, "pictures"))
    result = CliRunner().invoke(cli, ["run", str(path), "--plan", "--results", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "chosen-25000000" in result.output.replace(",", "")
