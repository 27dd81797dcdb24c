"""``signature``, ``words``, ``distance`` and ``codecs``, as a user types them."""

import json

import pytest
from click.testing import CliRunner

from imgsig.cli import cli
from imgsig.cli.signature import STRIP_IDS
from imgsig.strips import STRIPS


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_distance_prints_the_published_figure(mona_lisas):
    result = run("distance", *mona_lisas, "--json")
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)
    assert row["distance"] == 0.22095170140933634
    assert 1 <= row["equal_words"] <= 63


def test_signature_prints_the_stored_form(golden, golden_paths):
    result = run("signature", golden_paths[0])
    assert json.loads(result.stdout) == golden["signatures"][0].tolist()
    assert len(run("signature", golden_paths[0], "--codec", "base62").stdout.strip()) == 253


def test_every_strip_can_be_asked_for():
    assert tuple(STRIPS) == STRIP_IDS


def test_words_prints_json(golden, golden_paths):
    result = run("words", golden_paths[0], "-k", 12, "-N", 40)
    assert json.loads(result.stdout) == golden["words_k12_N40"][0].tolist()


def test_json_says_what_it_was_made_with(golden, golden_paths):
    found = json.loads(run("words", golden_paths[0], "-k", 12, "-N", 40, "--json").stdout)
    assert (found["k"], found["N"]) == (12, 40)
    assert found["words"] == golden["words_k12_N40"][0].tolist()
    found = json.loads(run("signature", golden_paths[0], "--codec", "base62", "--json").stdout)
    assert found["codec"] == {"id": "base62", "strip": "none"}
    assert len(found["stored"]) == 253


def test_codecs_lists_sizes(golden_paths):
    rows = json.loads(run("codecs", golden_paths[0], "--json").stdout)
    sizes = {(row["codec"], row["strip"]): row["bytes"] for row in rows}
    assert sizes["base62", "none"] == 253
    assert sizes["base36", "border"] == 245
    assert sizes["none", "none"] == 0
    assert "base62" in run("codecs", golden_paths[0]).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["words", "{image}", "-k", 99], "k = 99"),
        (["signature", "{image}", "--codec", "base99"], "base99"),
        (["signature", "{text}"], "cannot be decoded as an image"),
    ],
)
def test_errors_are_one_line_and_exit_1(tmp_path, golden_paths, arguments, message):
    text = tmp_path / "notes.jpg"
    text.write_text("not a picture")
    filled = [str(a).format(image=golden_paths[0], text=text) for a in arguments]
    result = run(*filled)
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_colours_are_for_terminals_only(golden_paths):
    assert "\x1b[" not in run("codecs", golden_paths[0]).output
