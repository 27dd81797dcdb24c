"""Indices that stay, and indices that are dropped: the same tables, less disk."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import skimage
from rich.console import Console

from bench.disk.guard import DiskGuard
from bench.disk.history import History
from bench.disk.room import Room
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.measure import run_stages
from bench.kinds.experiment.tables import run_tables
from bench.kinds.variant_state import VariantState
from bench.runs.errors import DiskSpaceError
from bench.runs.folder import Stopwatch
from bench.signing.sign import Signed, load_or_sign
from imgsig.cli.terminal import make_progress

pytestmark = pytest.mark.engine

NAMES = ["staged-a", "staged-b", "staged-c"]
PICTURES = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "brick.png", "grass.png")
#: Tables of times, which no two runs share.
TIMES = {"timings"}


@pytest.fixture
def one_by_one(monkeypatch, engine):
    """Groups of one index, which does not wait for its leases.

    Documents whose ``_source`` is whole leave no copies behind, so no lease matters to its size.
    """
    monkeypatch.setattr("bench.index.storage.wait_for_leases", lambda client, index: 0.0)
    monkeypatch.setattr("bench.disk.guard.GROUP", 1)
    yield
    engine.client.indices.delete(index=NAMES, ignore_unavailable=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Experiment, Signed]:
    """Three small variants of an experiment that drops its indices, and its pictures signed."""
    folder = tmp_path_factory.mktemp("staged")
    for name in PICTURES:
        shutil.copy(Path(skimage.__file__).parent / "data" / name, folder)
    variants = [
        {"name": name, "N": words, "k": 8, "codec": {"id": "none"}}
        for name, words in zip(NAMES, (8, 12, 16), strict=True)
    ]
    experiment = Experiment.model_validate(
        {
            "name": "staged",
            "dataset": {
                "collection": f"folder:{folder}",
                "documents": 12,
                "tiles": [128],
                "queries": 6,
                "transforms": ["jpeg-30"],
            },
            "variants": variants,
            "index": {"keep": False},
            "evaluation": {"resamples": 100},
        }
    )
    with make_progress(Console(quiet=True)) as progress:
        return experiment, load_or_sign(
            experiment.dataset, tmp_path_factory.mktemp("signed"), progress
        )


class Stages:
    """Runs the stages in a folder, and counts the indices before each of them is built."""

    def __init__(self, engine, made: tuple[Experiment, Signed], folder: Path) -> None:
        self.engine, (self.experiment, self.signed) = engine, made
        self.states = [
            VariantState(one, folder / one.index_name, "run") for one in self.experiment.expand()
        ]
        self.watch = Stopwatch(folder / "seconds.json")
        self.there: list[int] = []

    def indices(self) -> list[str]:
        return sorted(self.engine.client.indices.get(index="staged-*"))

    def run(self, usable: Callable[[int], float] = lambda n: 1e12, *, keep=False, together=()):
        def room() -> Room:
            self.there.append(len(self.indices()))
            return Room("the disk of made", int(usable(len(self.there))), 0)

        index = self.experiment.index.model_copy(update={"keep": keep})
        experiment = self.experiment.model_copy(update={"index": index})
        with make_progress(Console(quiet=True)) as progress:
            run_stages(
                self.engine,
                experiment,
                self.states,
                self.signed,
                progress,
                self.watch,
                DiskGuard(room, History(), keep=keep),
                together,
            )

    def tables(self) -> dict[str, pd.DataFrame]:
        with make_progress(Console(quiet=True)) as progress:
            found = run_tables(self.experiment, self.states, self.signed, progress)
        return {name: table for name, table in found.items() if name not in TIMES}


@pytest.mark.slow
def test_dropped_indices_give_the_same_tables_and_a_full_disk_loses_nothing(
    engine, made, one_by_one, tmp_path
):
    kept = Stages(engine, made, tmp_path / "kept")
    kept.run(keep=True)
    assert kept.indices() == NAMES
    assert max(kept.there) == 2  # before the third
    engine.client.indices.delete(index=NAMES, ignore_unavailable=True)

    dropped = Stages(engine, made, tmp_path / "dropped")
    # The room is looked at before all, before each group, and before each index.
    with pytest.raises(DiskSpaceError, match=r"staged-b.*must stay free.*same command goes on"):
        dropped.run(lambda n: 1e12 if n < 5 else 10.0)
    assert [state.is_finished for state in dropped.states] == [True, False, False]
    assert dropped.indices() == []
    first = dict(dropped.watch.seconds)
    dropped.run(together={"staged-c"})
    assert max(dropped.there) == 0  # never two at a time
    assert dropped.indices() == ["staged-c"]  # something needs it later
    assert dropped.watch.seconds["index staged-a"] == first["index staged-a"]  # not built again
    dropped.run()
    assert dropped.indices() == []
    assert not any(state.has_index for state in dropped.states)

    before, after = kept.tables(), dropped.tables()
    assert list(before) == list(after)
    for name, table in before.items():
        assert table.to_parquet() == after[name].to_parquet(), name


@pytest.mark.slow
def test_an_index_that_is_gone_before_its_searches_are_timed_is_built_again(
    engine, made, one_by_one, tmp_path
):
    stages, timed = Stages(engine, made, tmp_path), {"staged-c"}
    stages.run(together=timed)
    before, first = stages.tables(), dict(stages.watch.seconds)
    engine.client.indices.delete(index="staged-c")
    stages.run(together=timed)
    stages.run(lambda n: -1.0, together=timed)  # no room is needed where nothing is built
    assert stages.indices() == ["staged-c"]
    count = engine.client.count(index="staged-c")["count"]
    assert count == len(stages.signed.database)
    assert stages.watch.seconds["index staged-a"] == first["index staged-a"]  # not needed again
    for name, table in before.items():
        assert table.to_parquet() == stages.tables()[name].to_parquet(), name
