"""Whatever a config file holds: a config, or an error that can be shown.

`make fuzz` runs these with many more examples.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bench.kinds.registry import KINDS, get_kind
from bench.runs.errors import ExperimentError

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "bench" / "configs"
CONFIGS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
READERS = [get_kind(name).load for name in KINDS]

#: What YAML gives a meaning to, and what has gone wrong in parsers before.
ODD = st.sampled_from(
    [
        *("&a", "*a", "<<: *a", "!!int", "!!binary", "!!timestamp", "!!set", "!!python/name:os.x"),
        *("? ", ": ", "- ", "[", "]", "{", "}", "#", "|", ">", "---\n", "%YAML 1.1\n---\n", "~"),
        *(
            "=",
            ".nan",
            "-.inf",
            "1e999",
            "0x",
            "0o9",
            "1:60:60",
            "2026-99-99",
            "9" * 5000,
            "9" * 30,
        ),
        *('"\\ud800"', '"\\UFFFFFFFF"', "\t", "\r", "\x85", "\ufeff", "\x00", "'", '"', "\n", "  "),
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("configs") / "config.yaml"


def check(path, data):
    path.write_bytes(data)
    for read in READERS:
        try:
            read(path)
        except ExperimentError as error:
            assert len(str(error).encode()) < 50_000  # noqa: PT017


@given(name=st.sampled_from(sorted(CONFIGS)), data=st.data())
def test_configs_with_odd_text_in_them(path, name, data):
    text = CONFIGS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 8))
        text = text[:at] + data.draw(ODD | st.text(max_size=5)) + text[at + gone :]
    check(path, text.encode("utf-8", "surrogatepass"))


@given(name=st.sampled_from(sorted(CONFIGS)), data=st.data())
def test_configs_with_a_value_of_another_kind(path, name, data):
    config = YAML(typ="safe", pure=True).load(CONFIGS[name])
    place, key = config, data.draw(st.sampled_from(sorted(config)))
    while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place)))
    place[key] = data.draw(values)
    with path.open("w", encoding="utf-8", errors="surrogatepass") as file:
        YAML(typ="safe", pure=True).dump(config, file)
    check(path, path.read_bytes())


@given(data=st.binary(max_size=200))
def test_any_bytes(path, data):
    check(path, data)
