"""``signature``, ``words``, ``distance`` and ``codecs``, as a user types them."""

import json
import os
import shutil
import warnings

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from imgsig import SignatureConfig, generate_signature, get_words
from imgsig.cli import cli
from imgsig.cli.signature import STRIP_IDS
from imgsig.config import BACKGROUNDS, PIXEL_RULES
from imgsig.index import Identity
from imgsig.index.writing import documents
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


@pytest.mark.parametrize("command", ["signature", "words", "distance", "codecs", "sign"])
def test_every_rule_of_pixels_can_be_asked_for(command):
    options = {option.name: option for option in cli.get_command(None, command).load().params}
    assert options["pixels"].type.choices == PIXEL_RULES
    assert tuple(options["alpha"].type.choices) == tuple(BACKGROUNDS)
    assert (options["pixels"].default, options["alpha"].default) == ("uniform", "white")
    assert options["exif"].is_flag


def test_pixels_exif_and_alpha_are_those_of_the_signature(tmp_path):
    exif = Image.Exif()
    exif[0x112] = 3
    path = tmp_path / "turned.png"
    levels = np.random.default_rng(0).integers(0, 256, (48, 64, 2), dtype=np.uint8)
    Image.fromarray(levels, "LA").save(path, exif=exif)
    for options, config in (
        (["--pixels", "bytes", "--exif"], SignatureConfig(pixels="bytes", exif=True)),
        (["--alpha", "grey"], SignatureConfig(alpha="grey")),
    ):
        expected = generate_signature(path, config)
        assert json.loads(run("signature", path, *options).stdout) == expected.tolist()
        assert (expected != generate_signature(path)).any()
        assert json.loads(run("words", path, *options).stdout) == get_words(expected).tolist()
        (apart,) = json.loads(run("distance", path, path, *options, "--json").stdout)
        assert apart["distance"] == 0
        signed = run("sign", path, *options, "--workers", 1, "--quiet").stdout
        assert json.loads(signed)["signature"] == expected.tolist()


def test_words_prints_json(golden, golden_paths):
    result = run("words", golden_paths[0], "-k", 12, "-N", 40)
    assert json.loads(result.stdout) == golden["words_k12_N40"][0].tolist()


def test_words_of_a_layout_are_the_fields_of_its_documents(golden, golden_paths):
    signature = golden["signatures"][0]
    identity = Identity.from_config({"layout": "tagged_column", "words": {"N": 40, "k": 12}})
    (document,) = documents(identity, [None], signature[np.newaxis])
    typed = ("words", golden_paths[0], "-k", 12, "-N", 40, "--layout", "tagged_column")
    assert json.loads(run(*typed).stdout)["simple_words"] == document["simple_words"]
    assert json.loads(run(*typed, "--json").stdout)["layout"] == "tagged_column"
    unknown = run("words", golden_paths[0], "--layout", "none")
    assert unknown.exit_code == 1
    assert "layout must be one of" in unknown.stderr


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


def test_a_bad_file_leaves_the_other_distances(mona_lisas, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    arguments = ("distance", mona_lisas[0], text, tmp_path / "none", mona_lisas[1])
    result = run(*arguments)
    assert result.exit_code == 1
    assert "0.2209517" in result.stdout
    said = result.stderr.splitlines()
    assert ["none of the formats" in said[0], "No such file" in said[1]] == [True, True]
    rows = json.loads(run(*arguments, "--json").stdout)
    assert [row["distance"] for row in rows] == [None, None, 0.22095170140933634]
    assert ["none of the formats" in row["reason"] for row in rows] == [True, False, False]
    assert rows[2]["reason"] == ""


def test_a_blank_picture_is_explained(tmp_path):
    blank, other = tmp_path / "blank.png", tmp_path / "other.png"
    Image.new("RGB", (300, 300), "white").save(blank)
    Image.new("RGB", (300, 200), "grey").save(other)
    result = run("distance", blank, other, "--json")
    (row,) = json.loads(result.stdout)
    assert (row["distance"], row["equal_words"]) == (1.0, 63)
    assert [line.split(" is blank")[0] for line in result.stderr.splitlines()] == [
        f"imgsig: {blank}",
        f"imgsig: {other}",
    ]


@pytest.mark.parametrize(
    ("name", "written", "shown"),
    [
        (b"caf\xe9.jpg", r"caf\xe9.jpg", r"caf\xe9.jpg"),
        (b"[red]x.jpg", "[red]x.jpg", "[red]x.jpg"),
        (b"two\nlines.jpg", "two\nlines.jpg", r"two\nlines.jpg"),
        ("\u202egpj.jpg".encode(), "\u202egpj.jpg", r"\u202egpj.jpg"),
        (b"x" * 255, "x" * 255, "x" * 40),
        (b"-dash.jpg", "-dash.jpg", "-dash.jpg"),
    ],
)
def test_names_of_every_kind(golden_paths, tmp_path, monkeypatch, name, written, shown):
    monkeypatch.chdir(tmp_path)
    picture = os.fsdecode(name)
    shutil.copy(golden_paths[0], picture)
    for command in ("signature", "words"):
        found = json.loads(run(command, "--json", "--", picture).stdout)
        assert found["image"] == written
    (row,) = json.loads(run("distance", "--json", "--", picture, picture).stdout)
    assert (row["image"], row["distance"]) == (written, 0.0)
    table = run("distance", "--", picture, picture)
    assert shown in table.stdout
    assert run("codecs", "--", picture).exit_code == 0


def test_too_many_pixels_are_said_with_what_a_command_can_do(tmp_path):
    large = tmp_path / "large.png"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.new("1", (20000, 20000)).save(large)
    for result in (run("signature", large), run("sign", large, "--quiet")):
        assert "has too many pixels: Image size (400000000 pixels) exceeds limit" in result.stderr
        assert "scale it down" in result.stderr
        assert "PIL" not in result.stderr
