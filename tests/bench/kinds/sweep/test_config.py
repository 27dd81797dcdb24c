"""Sweeps are read strictly."""

from pathlib import Path

import pytest

import bench
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import expand
from bench.runs.config_file import load_config
from bench.runs.errors import ExperimentError

TEXT = "kind: sweep\nname: made\ngrid: [{N: [8, 16], k: [4]}]\n"
SWEEP = Path(bench.__file__).parent / "configs" / "sweep.yaml"


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "made.yaml"
        path.write_text(text)
        return path

    return write


def test_title_is_no_part_of_the_identity(write):
    one = load_config(write(TEXT), Sweep)
    other = load_config(write(TEXT + "title: another\n"), Sweep)
    assert one.key == other.key
    assert one.key != load_config(write(TEXT + "search: {size: 10}\n"), Sweep).key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.replace("sweep", "run", 1), "kind: Input should be 'sweep'"),
        (TEXT + "grids: []\n", "grids: unknown key; allowed beside it: .*grid"),
        (TEXT.replace("k:", "q:"), "grid.0.q: unknown key; allowed beside it: N, k, alphabet"),
        (TEXT + "rankings: [luck]\n", "rankings.0"),
        (TEXT + "live: {held_out: 1}\n", "live.held_out"),
        (TEXT + "live: {signature: {id: none}}\n", "live: signature: distance cannot rank"),
        (TEXT + "rankings: [distance]\n", "rankings: score must be among them"),
        (
            TEXT + "live: {samples: [{layout: dynamic, schemes: 5}]}\n",
            "live: 5 schemes of the first layout are too few",
        ),
        (TEXT.replace("[8, 16]", "[]"), "grid.0.N"),
    ],
)
def test_errors_name_the_key(write, text, message):
    with pytest.raises(ExperimentError, match=message):
        load_config(write(text), Sweep)


def test_the_sweep_spans_the_question():
    sweep = load_config(SWEEP, Sweep)
    grid = expand(sweep)
    assert len(grid.schemes) >= 300
    assert grid.required == ("63x16", "100x10", "16x16")
    assert {scheme.N for scheme in grid.schemes.values()} >= {8, 128}
    assert {scheme.k for scheme in grid.schemes.values()} == set(range(4, 11)) | set(
        range(12, 25, 2)
    )
    assert sum(sample.schemes for sample in sweep.live.samples) >= 20
