"""``advise``, as a user types it."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from bench.cli import cli
from bench.cli.advise import Count
from bench.cli.advise import advise as command
from bench.kinds.registry import get_kind
from bench.kinds.sweep.by_cutoff import BY_CUTOFF
from bench.runs.folder import RunFolder, write_json

#: What the sizes of a made sweep are said to be measured on.
ENGINE = {"name": "elasticsearch", "version": "9.2.4"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A sweep of one scheme with one cutoff: recall 0.9, one wrong pair in 10^9 by the model."""
    run = RunFolder(tmp_path_factory.mktemp("advise") / "made-sweep")
    row = dict.fromkeys(BY_CUTOFF, 0) | {
        "variant": "32x8",
        "ranking": "score",
        "cutoff": 8,
        "min_score": 8,
        "queries": 1000,
        "documents": 20_000,
        "exposures": 20_000_000,
        "rate_high": 1.5e-7,
        "tail_rate": 1e-9,
        "tail_low": 1e-10,
        "tail_high": 2e-9,
        "right_answers": 1000,
        "recall": 0.9,
        "recall_low": 0.88,
        "recall_high": 0.92,
    }
    run.write_table("by_cutoff", pd.DataFrame([row]).astype(dict(BY_CUTOFF)))
    histogram = {"variant": "32x8", "score": range(9), "pairs": [10**8, *range(8, 0, -1)]}
    run.write_table("wrong_pairs", pd.DataFrame(histogram))
    scheme = {"N": 32, "k": 8, "alphabet": "ternary", "spacing": "even", "strip": "none"}
    size = {"bytes_per_document": 200.0, "bytes_low": 190.0, "bytes_high": 210.0}
    size |= {"variant": "32x8", "layout": "tagged_long", "size_source": "measured"}
    run.write_table("sizes", pd.DataFrame([size]))
    quality = {"measure": "uAP", "ranking": "score"} | scheme | size
    run.write_table("sweep", pd.DataFrame([quality]))
    dataset = {"collection": "made", "documents": 20_000}
    manifest = {"format": 1, "kind": "sweep", "engine": ENGINE, "dataset": dataset}
    manifest |= {"machine": {"cores": 2}, "tables": {}}
    manifest |= dict.fromkeys(("name", "title", "run", "finished", "config_text"), "made")
    manifest |= {part: {} for part in ("config", "code", "seconds")}
    write_json(run.path / "manifest.json", manifest)
    return run.path


def advise(folder: Path, *options: object) -> Result:
    arguments = ["advise", "--run", folder, *options]
    return CliRunner(env={"COLUMNS": "200"}).invoke(cli, [str(each) for each in arguments])


def test_what_reaches_it_is_named(folder):
    result = advise(folder, "--images", "1e6", "--precision", 0.99, "--recall", 0.85)
    assert result.exit_code == 0, result.output
    assert "32x8" in result.stdout
    assert "score ≥ 8" in result.stdout
    assert "an extrapolation" in result.stdout


def test_the_folder_one_is_in_has_a_name(folder, monkeypatch):
    options = ("--images", "1e6", "--precision", 0.99, "--recall", 0.85, "--json")
    monkeypatch.chdir(folder)
    result = advise(Path(), *options)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["run"] == folder.name


def test_json_for_scripts(folder):
    options = ("--images", "1e6", "--precision", 0.99, "--recall", 0.85, "--replicas", 2, "--json")
    result = advise(folder, *options)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["question"]["images"] == 1_000_000
    assert found["chosen"]["proven"] is None
    assert found["chosen"]["safe"]["cutoff"] == 8
    assert found["chosen"]["safe"]["size"]["store_bytes"] == 600e6
    assert len(found["sentences"]) == 4


def test_the_config_that_would_test_it_is_written(folder, tmp_path):
    options = ("--images", "1e6", "--precision", 0.99, "--recall", 0.85)
    path = tmp_path / "my.yaml"
    result = advise(folder, *options, "--write", path, "--pictures", "folder:/somewhere")
    assert result.exit_code == 0, result.output
    config = get_kind("scale").load(path)
    chosen = config.expand()[1]
    assert (chosen.N, chosen.k, chosen.layout) == (32, 8, "tagged_long")
    assert config.sizes[-1] == 1_000_000
    assert config.pictures.collection == "folder:/somewhere"
    again = advise(folder, *options, "--write", path)
    assert again.exit_code == 1
    assert "exists; give another name" in again.stderr


def test_the_calls_that_use_it_are_printed(folder):
    result = advise(folder, "--images", "1e6", "--precision", 0.99, "--recall", 0.85)
    called = [line for line in result.stdout.splitlines() if "index" in line and "(" in line][-2:]
    assert called == [
        'index = ImageIndex.create(client, "photos", layout="tagged_long", '
        'words={"N": 32, "k": 8}, codec={"id": "none"})',
        'index.search("a.jpg", rank="score", min_score=8)',
    ]


def test_where_nothing_is_proven_no_bound_is_printed():
    asked = ["advise", "--images=100M", "--precision=0.5", "--recall=0.1"]
    result = CliRunner(env={"COLUMNS": "200"}).invoke(cli, asked)
    assert result.exit_code == 0, result.output
    assert re.search(r"precision, proven +│ +not proven", result.stdout)


def test_nothing_reaches_it(folder):
    result = advise(folder, "--images", "800e6", "--precision", 0.99, "--recall", 0.95)
    assert result.exit_code == 3
    assert "None of 1 choices reaches" in result.stdout
    assert "nearest" in result.stdout


def test_what_is_beyond_the_limits_is_named(folder):
    options = ("--images", "1e6", "--precision", 0.99, "--recall", 0.85)
    result = advise(folder, *options, "--disk", 1000)
    assert result.exit_code == 3, result.output
    assert "Indices reach precision 0.99 at recall 0.85 over 1,000,000 images" in result.stdout
    assert "none within the limits: the fastest, 32x8 in the layout" in result.stdout
    assert "ImageIndex.create" not in result.stdout
    told = json.loads(advise(folder, *options, "--disk", 1000, "--json").stdout)
    assert told["beyond_limits"]["smallest"]["variant"] == "32x8"


def test_impossible_questions_are_explained(folder):
    result = advise(folder, "--images", "1e6", "--precision", 99, "--recall", 0.95)
    assert result.exit_code == 1
    assert "precision is 99.0; it must be above 0 and below 1" in result.stderr
    assert "Traceback" not in result.output


def test_help_tells_exit_codes_and_examples():
    result = CliRunner().invoke(cli, ["advise", "--help"])
    assert "3 if none does" in result.stdout
    assert "--images 800M" in result.stdout


@pytest.mark.parametrize(
    ("typed", "images"),
    [
        ("1M", 10**6), ("800M", 8 * 10**8), ("1.5G", 15 * 10**8), ("20k", 20_000), ("1e6", 10**6),
        ("1.2E+3", 1200), ("1_000_000", 10**6), ("1,000,000", 10**6), ("800 M", 8 * 10**8),
        ("20000", 20_000), ("20000.", 20_000),
    ],
)  # fmt: skip
def test_a_number_as_people_write_it(typed, images):
    assert Count().convert(typed, None, None) == images


@pytest.mark.parametrize(
    "typed", ["1,5M", "1,5", "10,00", "1T", "m", "", "nan", "inf", "-5", "0x10"]
)
def test_a_number_that_could_mean_another_is_refused(folder, typed):
    result = advise(folder, f"--images={typed}", "--precision", 0.9, "--recall", 0.85)
    assert result.exit_code == 2
    assert f"{typed!r} is not a number of images; write 800M" in result.stderr


def test_a_number_beyond_all_collections_is_refused(folder):
    result = advise(folder, "--images=1e400", "--precision", 0.9, "--recall", 0.85)
    assert result.exit_code == 2
    assert "'1e400' is more than 1e+15 images" in result.stderr


def test_no_image_at_all_is_explained(folder):
    result = advise(folder, "--images", "0", "--precision", 0.9, "--recall", 0.85)
    assert result.exit_code == 1
    assert "images is 0; it must be at least 1" in result.stderr


@pytest.mark.parametrize("example", [each for each in command.examples if "--run" not in each])
def test_the_examples_end_in_an_answer(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # one of them writes a file
    result = CliRunner().invoke(cli, shlex.split(example)[1:])
    assert result.exit_code == 0, result.output
    assert "None of" not in result.stdout


@pytest.mark.parametrize("images", [100, 20_000, 10**6, 10**9])
def test_no_size_is_nothing(folder, images):
    options = ("--images", images, "--precision", 0.9, "--recall", 0.5)
    assert not re.search(r"(?<![\d.,])0(\.0)? (GB|MB|kB|bytes)", advise(folder, *options).stdout)


def keys_of(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from keys_of(value)
    elif isinstance(content, list):
        for value in content:
            yield from keys_of(value)


def test_every_key_of_the_json_has_a_name(folder):
    options = ("--images", "1M", "--precision", 0.99, "--recall", 0.85, "--json")
    found = json.loads(advise(folder, *options).stdout)
    assert all(re.fullmatch("[a-z][a-zA-Z_]*", key) or key in ("N", "k") for key in keys_of(found))
    assert found["chosen"]["safe"]["recall"] == 0.9
    assert found["chosen"]["safe"]["recall_low"] == pytest.approx(0.88)
