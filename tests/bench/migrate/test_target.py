"""What ``--to`` stands for."""

import json

import pytest

from bench.migrate.detect import Detected
from bench.migrate.target import choose_target
from bench.runs.errors import ExperimentError
from imgsig import WordScheme
from imgsig.codecs import get_codec

ARRAYS = Detected(get_codec({"id": "int_array"}), WordScheme(N=20, k=8), 9, 180, "")
BARE = Detected(None, WordScheme(N=20, k=8), 0, 0, "")


def test_a_layout_takes_the_words_of_the_source():
    target = choose_target("tagged_column", "photos", ARRAYS)
    assert (target.N, target.k, target.codec["id"]) == (20, 8, "context")
    assert target.index_name == "photos-tagged-column"
    assert choose_target("tagged_column", "p", BARE, copy_words=True).codec == {"id": "none"}
    stripped = choose_target("long", "p", ARRAYS, codec="base62", strip="border", name="q")
    assert (stripped.codec, stripped.index_name) == ({"id": "base62", "strip": "border"}, "q")


def test_json_and_a_config_say_everything(tmp_path):
    form = {"N": 63, "k": 16, "codec": {"id": "packed", "strip": "half"}, "layout": "long"}
    assert choose_target(json.dumps(form), "p", ARRAYS).canonical() == form
    config = tmp_path / "my.yaml"
    config.write_text(
        "version: 1\nname: my\nvariants:\n  - {name: small, k: 9, codec: {id: base85}}\n"
    )
    target = choose_target(f"{config}:small", "p", ARRAYS)
    assert (target.index_name, target.k, target.codec["id"]) == ("small", 9, "base85")
    with pytest.raises(ExperimentError, match="no variant 'large'; it has small"):
        choose_target(f"{config}:large", "p", ARRAYS)


@pytest.mark.parametrize(
    ("to", "options", "message"),
    [
        ("nowhere", {}, "is no layout"),
        ("{", {}, "not valid JSON"),
        ('{"N": 63}', {}, "is no variant"),
        ('{"N": 63, "k": 16, "codec": {"id": "none"}}', {"codec": "base62"}, "go with a layout"),
        ('{"N": 9, "k": 8, "codec": {"id": "none"}}', {"copy_words": True}, "only the signature"),
        (
            '{"N": 9, "k": 8, "codec": {"id": "packed"}, "signature": {"n": 7}}',
            {},
            "keeps its grid",
        ),
    ],
)
def test_what_cannot_be_is_refused(to, options, message):
    with pytest.raises(ExperimentError, match=message):
        choose_target(to, "p", ARRAYS, **options)


def test_another_grid_is_taken_over():
    seven = Detected(get_codec({"id": "int_array", "n": 7}), WordScheme(N=20, k=8), 9, 180, "")
    target = choose_target("tagged_column", "p", seven)
    assert target.signature == {"n": 7}
    assert target.codec == {"id": "packed", "strip": "half", "n": 7}
