"""A soak of seconds on the tests' engine."""

import subprocess
import sys

import pytest

from bench.engine import engine_status
from bench.report.drawing import png_bytes, style
from imgsig.layouts import LAYOUTS
from tests.soak.__main__ import left_behind, summary
from tests.soak.figure import held_over_time
from tests.soak.process_tree import descendants, engine_processes
from tests.soak.rounds import make_variants
from tests.soak.soak import left_processes, soak


def test_every_layout_has_its_turn():
    variants = make_variants()
    assert [one.layout for one in variants[: len(LAYOUTS)]] == list(LAYOUTS)
    assert len({one.key for one in variants}) == len(variants) > 3 * len(LAYOUTS)


@pytest.mark.slow
@pytest.mark.engine
def test_a_soak_of_seconds(engine, tmp_path):
    news = []
    soaked = soak(
        engine.client,
        tmp_path,
        1.0,
        settled_every=0,
        signed_every=100,
        documents=30,
        queries=4,
        least_rounds=8,
        interval=0.3,
        advance=lambda spent, rounds, now: news.append((rounds, now.handles)),
    )
    assert soaked.rounds == len(news) == soaked.samples["at_rest"].sum() >= 8
    assert soaked.hits > soaked.rounds * 4
    assert soaked.pictures == 12
    assert soaked.left == ()
    growth = {one.quantity: one for one in soaked.growth}
    assert growth["handles"].ok
    assert growth["children"].ok
    assert growth["own_bytes"].level > 50e6
    assert soaked.describe()["ok"] is soaked.ok
    assert len(summary(soaked, [])) == 6
    with style():
        assert len(png_bytes(held_over_time(soaked.samples, soaked.growth))) > 10_000


@pytest.mark.engine
def test_what_is_left_is_said(engine, session_engine_folder):
    folder = session_engine_folder.parent
    assert left_behind(folder) == [
        f"engine at {engine.url} (process {min(_own(engine))})",
        f"folder {folder}",
    ]
    assert left_behind(folder / "gone") == []
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        (left,) = left_processes(_children() - {child.pid}, engine_processes(), ending=0.0)
        assert left.startswith(f"process {child.pid} (")
        child.communicate(b"\n")


def _own(engine) -> list[int]:
    return [state.pid for state in engine_status() if state.url == engine.url]


def _children() -> set[int]:
    return {process.pid for process in descendants()}
