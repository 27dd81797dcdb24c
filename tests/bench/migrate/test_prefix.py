"""Fields below a name, and which name that is."""

import pytest

from bench.migrate.prefix import choose_prefixes, properties_without_prefix, without_prefix
from bench.runs.errors import IndexStateError

LONG = {"type": "long"}
WORDS = {f"simple_word_{i}": LONG for i in range(3)}


def below(name, fields):
    return {name: {"properties": fields}}


@pytest.mark.parametrize(
    ("mapping", "prefix"),
    [
        (WORDS, ""),
        (below("image", WORDS), "image"),
        (below("my", below("images", WORDS)), "my.images"),
        ({f"image.{name}": LONG for name in WORDS}, "image"),
    ],
)
def test_the_prefix_is_found(mapping, prefix):
    mapping = {"owner": LONG, **mapping}
    assert choose_prefixes("x", mapping) == ((prefix,), 3)
    assert choose_prefixes("x", mapping, [prefix]) == ((prefix,), 3)
    assert properties_without_prefix(mapping, [prefix]) == {"owner": LONG, **WORDS}


def test_several_places_are_asked_about():
    mapping = {**WORDS, **below("image", {**WORDS, "metadata": LONG}), "owner": LONG}
    with pytest.raises(IndexStateError, match=r"the top level \(3\), 'image' \(3\).*--prefix ''"):
        choose_prefixes("x", mapping)
    assert choose_prefixes("x", mapping, ["image"]) == (("image",), 3)
    assert choose_prefixes("x", mapping, ["", "image"]) == (("", "image"), 3)
    both = properties_without_prefix(mapping, ["", "image"])
    assert both == {**WORDS, "owner": LONG, "metadata": LONG}
    one = properties_without_prefix(mapping, ["image"])
    assert {name for name in one if name.startswith(".")} == {f".{name}" for name in WORDS}


def test_different_numbers_of_words_are_migrated_one_by_one():
    mapping = {"simple_word_0": LONG, **below("image", WORDS)}
    with pytest.raises(IndexStateError, match="different numbers of words"):
        choose_prefixes("x", mapping, ["image", ""])


def test_a_prefix_that_is_not_there_is_told():
    with pytest.raises(IndexStateError, match=r"--prefix 'picture': .* 'image' \(3\)"):
        choose_prefixes("x", below("image", WORDS), ["picture"])


@pytest.mark.parametrize(
    "document",
    [
        {"image": {"path": "a", "signature": [1]}, "my": {"owner": 3}},
        {"image.path": "a", "image.signature": [1], "my": {"owner": 3}},
        {"path": "a", "signature": [1], "my": {"owner": 3}},
    ],
)
def test_a_document_of_either_kind_is_read(document):
    found = without_prefix(document, ["", "image"])
    assert found == {"path": "a", "signature": [1], "my": {"owner": 3}}


def test_nothing_is_taken_for_another():
    clash = {"image": {"path": "a", "simple_word_0": 1}, "path": "b"}
    assert without_prefix(clash, ["image"]) == {"path": "a", "simple_word_0": 1, ".path": "b"}
    deep = {"my": {"images": {"signature": [1]}, "signature": 2}}
    assert without_prefix(deep, ["my.images"]) == {"signature": [1], "my.signature": 2}
    many = {"image": [{"path": "a", "signature": [1]}]}
    assert without_prefix(many, ["image"]) == many
