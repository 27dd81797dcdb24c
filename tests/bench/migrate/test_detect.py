"""What wrote an index's signatures and words, found out from documents."""

import numpy as np
import pytest

from bench.migrate.detect import detect
from bench.runs.errors import ExperimentError
from imgsig import WordScheme
from imgsig.codecs import codec_ids, get_codec

# Left out: "int8_base64" is in JSON what "int8" is, and "context" takes no strip.
STORED = [
    {"id": codec_id, "strip": strip}
    for codec_id in codec_ids()
    if codec_id not in ("none", "context", "int8_base64")
    for strip in ("none", "border", "half")
]


@pytest.mark.parametrize("config", [*STORED, {"id": "context", "strip": "half"}], ids=str)
def test_every_codec_is_found_out_and_no_other(as_source, records, config):
    found = detect(as_source(records(codec=config)))
    assert found.codec.get_config() == config
    assert found.scheme == WordScheme(N=63, k=16)
    assert (found.documents, found.words) == (30, 30 * 63)


@pytest.mark.parametrize(("N", "k"), [(63, 16), (20, 8), (5, 39), (100, 1)])
def test_the_word_length_is_found_out(as_source, records, N, k):
    assert detect(as_source(records(N=N, k=k), N=N)).scheme == WordScheme(N=N, k=k)


def test_arrays_of_another_grid_are_found_out(as_source):
    rng = np.random.default_rng(3)
    scheme = WordScheme(N=63, k=16, grid=get_codec({"id": "int_array", "n": 11}).grid)
    values = rng.integers(-2, 3, (20, 968))
    documents = [
        {"signature": row.tolist()}
        | {f"simple_word_{i}": word for i, word in enumerate(scheme.words(row).tolist())}
        for row in values
    ]
    found = detect(as_source(documents))
    assert found.codec.grid.n == 11
    assert found.words == 20 * 63


def test_other_words_name_the_first_that_differs(as_source, records):
    documents = records()
    documents[4]["simple_word_17"] += 1
    stored = documents[4]["simple_word_17"]
    with pytest.raises(ExperimentError, match=r"'d4', simple_word_17 is .*--words copy") as e:
        detect(as_source(documents))
    assert f"is {stored}, but {stored - 1} by its signature" in str(e.value)
    copied = detect(as_source(documents), k=16, copy_words=True)
    assert (copied.words, copied.scheme.k) == (0, 16)
    assert "not compared" in copied.said


def test_a_wrong_length_that_is_given_is_refused(as_source, records):
    with pytest.raises(ExperimentError, match="for N = 63 and k = 15"):
        detect(as_source(records()), k=15)
    with pytest.raises(ExperimentError, match="--N is 64"):
        detect(as_source(records()), N=64)


def test_a_wrong_codec_that_is_given_is_refused(as_source, records):
    with pytest.raises(ExperimentError, match="did not write the sampled signatures"):
        detect(as_source(records()), codec={"id": "base62"})


def test_who_tells_everything_passes_over_single_documents(as_source, records):
    documents = records()
    documents[2]["signature"] = [0] * 9
    documents[3]["simple_word_9"] += 1
    told = {"codec": {"id": "int_array"}, "k": 16}
    found = detect(as_source(documents), **told)
    assert found.words == 28 * 63
    assert "28 of 30 sampled documents" in found.said
    with pytest.raises(ExperimentError, match="'d3', simple_word_9"):
        detect(as_source(documents), codec={"id": "int_array"})
    for one in documents[:20]:
        one["simple_word_9"] += 1
    with pytest.raises(ExperimentError, match="not those of the signatures"):
        detect(as_source(documents), **told)


@pytest.mark.parametrize("damage", [[0] * 647, [3] * 648, "no signature", [0.5] * 648])
def test_what_nothing_decodes_is_an_error(as_source, records, damage):
    documents = records()
    documents[2]["signature"] = damage
    with pytest.raises(ExperimentError, match="no codec decodes all sampled signatures"):
        detect(as_source(documents))


def test_words_that_are_not_in_source_must_be_told(as_source, records):
    documents = [
        {name: value for name, value in one.items() if not name.startswith("simple")}
        for one in records(codec="base36")
    ]
    with pytest.raises(ExperimentError, match="not in _source"):
        detect(as_source(documents))
    # A picture upside down, or its negative, would give the same text in another order.
    with pytest.raises(ExperimentError, match=r"several codecs.*Choose one with --codec"):
        detect(as_source(documents), k=12)
    found = detect(as_source(documents), k=12, codec={"id": "base36"})
    assert (found.codec.codec_id, found.scheme.k, found.words) == ("base36", 12, 0)
