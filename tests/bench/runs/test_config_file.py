"""Config files: what is wrong is named with its key and what is allowed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from bench.runs.config_file import Section, canonical_json, load_config, read_config, short_hash
from bench.runs.errors import ExperimentError


class Part(Section):
    size: int = Field(default=1, ge=1)
    name: str = Field(default="a", pattern="^[a-z]+$")


class Whole(Section):
    title: str = ""
    part: Part = Part()
    parts: list[Part] = Field(default=[])
    maybe: Part | None = None


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "config.yaml"
        path.write_text(text)
        return path

    return write


def test_a_config_is_read(write):
    config = load_config(write("title: t\npart: {size: 3}\nparts: [{}, {size: 2}]\n"), Whole)
    assert config == Whole(title="t", part=Part(size=3), parts=[Part(), Part(size=2)])


def test_plain_values_are_as_they_stand(write):
    assert read_config(write("kind: other\nn: [1, 2]\n")) == {"kind": "other", "n": [1, 2]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel: t\n", "titel: unknown key; allowed beside it: title, part, parts, maybe"),
        ("parts: [{sise: 1}]\n", "parts.0.sise: unknown key; allowed beside it: size, name"),
        ("maybe: {sise: 1}\n", "maybe.sise: unknown key; allowed beside it: size, name"),
        ("part: {size: 0}\n", r"part.size: .*greater than or equal to 1 \(got 0\)"),
        ("part: {size: '3'}\n", r"part.size: .*integer \(got '3'\)"),
        ("part: {name: A1}\n", r"part.name: must match \^\[a-z\]\+\$ \(got 'A1'\)"),
        ("- 1\n", "is not a mapping"),
        ("title: [\n", "is not valid YAML"),
        ("title: a\ntitle: b\n", "line 2 repeats a key that stands before it"),
    ],
)
def test_errors_name_key_and_remedy(write, text, message):
    with pytest.raises(ExperimentError, match=f"config.yaml.*(?s:.*){message}"):
        load_config(write(text), Whole)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ExperimentError, match=r"nothing\.yaml: cannot be read"):
        read_config(tmp_path / "nothing.yaml")


def aliases(times):
    """A value that each alias makes nine times as large."""
    parts = ["&a0 [x, x, x, x, x, x, x, x, x]"]
    parts += [f"&a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, times)]
    return f"[{', '.join(parts)}]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"title: {aliases(9)}\n", "more than 100,000 values"),
        ("title: &a [*a]\n", "nests them deeper than 32"),
        ("title: " + "[" * 700 + "]" * 700, "nested too deeply"),
        ("title: " + "9" * 5000, "4300"),
        ("part: {size: 99999999999999999999}\n", "too large for a number"),
        ('title: "\\ud800"\n', "half a character"),
        ("1: a\n", "the key 1 is not text"),
        ("title: 2026-99-99\n", "is not valid YAML: month"),
        ("title: !!int abc\n", "is not valid YAML"),
        ("title: !!bool abc\n", "is not valid YAML"),
        ("title: !!python/object/apply:os.system ['exit 1']\n", "is not valid YAML"),
        ("title: !!python/name:os.system\n", "is not valid YAML"),
        ("title: " + "a" * 1_000_000, "larger than 1,000,000 bytes"),
        ("".join(f"k{n}: 1\n" for n in range(50)), "k19.*(?s:.*)and 30 more$"),
    ],
    ids=lambda text: text[:24],
)
def test_what_is_no_config_is_refused_shortly(write, text, message):
    with pytest.raises(ExperimentError, match=f"config.yaml.*(?s:.*){message}") as caught:
        load_config(write(text), Whole)
    assert len(str(caught.value)) < 5000


def test_files_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_bytes("title: t".encode("utf-16"))
    with pytest.raises(ExperimentError, match="is not valid YAML: 'utf-8'"):
        read_config(path)


def test_aliases_within_bounds_are_taken(write):
    config = load_config(write("part: &p {size: 3}\nmaybe: *p\n"), Whole)
    assert config.maybe == Part(size=3)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(config=st.dictionaries(st.text(), JSON))
def test_order_of_keys_does_not_matter(config):
    backwards = dict(reversed(config.items()))
    assert canonical_json(backwards) == canonical_json(config)
    assert json.loads(canonical_json(config)) == config


@given(config=JSON)
def test_text_can_be_read_back(config):
    assert json.loads(canonical_json(config)) == config


def test_infinite_numbers_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"x": float("inf")})


def test_hash_has_the_length_asked_for():
    assert len(short_hash({}, length=12)) == 12
    assert short_hash({"a": 1}) != short_hash({"a": 2})
