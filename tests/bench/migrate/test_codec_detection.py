"""Which codecs read what is stored."""

import string
from base64 import b64encode, urlsafe_b64encode

import numpy as np
import pytest

from bench.migrate.codec_detection import NumberText, readable, readings, signature_config
from bench.migrate.detect import detect
from bench.runs.errors import ExperimentError
from imgsig import CodecError, ConfigError
from imgsig.codecs import get_codec


def test_codecs_that_read_the_same_are_one(signatures):
    codec = get_codec({"id": "context"})
    forms = [codec.to_json(form) for form in codec.encode_batch(signatures[:20])]
    ((found, values),) = readings(forms)
    assert found == codec
    assert (values == signatures[:20]).all()


def test_what_no_codec_writes_is_not_read():
    assert readings([[0] * 648, [0] * 647]) == []
    assert readings([["0"] * 648]) == []
    assert readings([{"a": 1}]) == []


def test_each_form_is_tried_by_itself():
    forms = [[0] * 648, [3] * 648, "text", [1] * 648]
    assert readable(forms, {"id": "int_array"}) == [0, 3]
    with pytest.raises(ConfigError, match="codec id"):
        readable(forms, {"id": "unknown"})


def test_a_grid_is_known_by_the_length_of_an_array():
    ((codec, values),) = readings([[0, 1] * 18])
    assert signature_config(codec) == {"n": 3, "diagonal_neighbors": False}
    assert np.array_equal(values[0], [0, 1] * 18)


D, U, L = string.digits, string.ascii_uppercase, string.ascii_lowercase


def written(number, alphabet):
    text = ""
    while number:
        number, digit = divmod(number, len(alphabet))
        text = alphabet[digit] + text
    return text


def first_least(values):
    return sum((value + 2) * 5**i for i, value in enumerate(values))


def first_most(values):
    return int("".join(str(value + 2) for value in values), 5)


#: How somebody could have made a text of 648 values.
WAYS = {
    "base 62, 0-9a-zA-Z": lambda v: written(first_least(v), D + L + U),
    "base 62, read from the left": lambda v: written(first_most(v), D + L + U),
    "base 62, as this project, read from the left": lambda v: written(first_most(v), D + U + L),
    "base 62, backwards": lambda v: written(first_least(v), D + U + L)[::-1],
    "base 62, A-Za-z0-9": lambda v: written(first_least(v), U + L + D),
    "base 62, modulo 5": lambda v: written(sum((x % 5) * 5**i for i, x in enumerate(v)), D + L + U),
    "base 62, the opposite": lambda v: written(first_least([-x for x in v]), D + L + U),
    "base 62, of decimal digits": lambda v: written(int("".join(str(x + 2) for x in v)), D + U + L),
    "base 36, as Python's int reads it": lambda v: written(first_most(v), D + L),
    "base 36, backwards": lambda v: written(first_least(v), D + U)[::-1],
    "base 64, of digits": lambda v: written(first_least(v), U + L + D + "+/"),
    "base 64, for addresses": lambda v: written(first_most(v), D + L + U + "-_"),
    "base 64 of bytes": lambda v: b64encode(first_least(v).to_bytes(189, "big")).decode(),
    "base 64 of bytes of int8": lambda v: urlsafe_b64encode(
        np.array(v, dtype=np.int8).tobytes()[::-1]
    ).decode(),
    "hexadecimal": lambda v: f"{first_most(v):x}",
    "decimal": lambda v: "".join(str(x + 2) for x in v),
}


def stored(records, way, count=30):
    documents = records(count)
    for one in documents:
        one["signature"] = WAYS[way](one["signature"])
    return documents


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_found_out_by_the_words(as_source, records, signatures, way):
    documents = stored(records, way)
    found = detect(as_source(documents))
    forms = [one["signature"] for one in documents]
    assert (found.codec.decode_batch(forms) == signatures[:30]).all()
    assert found.words == 30 * 63
    # Its config says it all: a user can name it.
    again = detect(as_source(documents), codec=found.codec.get_config())
    assert again.codec == found.codec


@pytest.mark.parametrize("way", ["base 62, 0-9a-zA-Z", "base 36, backwards"])
def test_copying_words_does_not_turn_the_eye_from_them(as_source, records, signatures, way):
    documents = stored(records, way)
    documents[3]["simple_word_9"] += 1  # what words are copied for
    found = detect(as_source(documents), k=16, copy_words=True)
    forms = [one["signature"] for one in documents]
    assert (found.codec.decode_batch(forms) == signatures[:30]).all()
    assert found.words == 29 * 63
    swapped = found.codec.digits.translate(str.maketrans("78", "87"))
    wrong = {**found.codec.get_config(), "digits": swapped}
    with pytest.raises(ExperimentError, match=r"cannot be of images.*omit --codec"):
        detect(as_source(documents), k=16, copy_words=True, codec=wrong)


@pytest.mark.parametrize("way", ["base 62, 0-9a-zA-Z", "base 36, backwards", "base 64 of bytes"])
def test_without_words_that_tell_the_user_is_asked(as_source, records, signatures, way):
    documents = stored(records, way)
    for one in documents:  # of another program
        one |= {f"simple_word_{i}": (i * 7919) % 3**16 for i in range(63)}
    with pytest.raises(ExperimentError, match=r"several codecs.*Choose one with --codec"):
        detect(as_source(documents), k=16, copy_words=True)
    told = detect(as_source(stored(records, way))).codec.get_config()
    found = detect(as_source(documents), k=16, copy_words=True, codec=told)
    assert found.words == 0
    assert "it was given" in found.said


def test_what_it_does_not_read_is_told():
    codec = NumberText(D + L)
    for bad in ("é", "A", "z" * 400):
        with pytest.raises(CodecError):
            codec.decode(bad)
    with pytest.raises(CodecError, match="no value for the digit"):
        NumberText(D, base=10).decode("9")
    with pytest.raises(CodecError, match="can only read"):
        codec.encode(np.zeros(648, dtype=np.int8))


@pytest.mark.parametrize(
    "wrong",
    [
        {"digits": "aab"},
        {"digits": "é0"},
        {"digits": 62},
        {"first_digit": "left"},
        {"values": [0, 1]},
        {"values": [0, 1, 1]},
        {"values": [0, 1, 5]},
        {"base": 257},
    ],
)
def test_a_wrong_parameter_is_told(wrong):
    with pytest.raises(ConfigError):
        NumberText(**{"digits": D + L, **wrong})
