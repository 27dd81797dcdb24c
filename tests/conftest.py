"""One engine for all tests, and a few made photographs.

Starting it takes about ten seconds, so all tests marked ``engine`` share the one that the fixture
``engine`` gives, in all processes (``pytest -n``): they use index names of their own, and change
nothing that others see. What does is in ``bench/engine/test_cluster``.
"""

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import settings
from PIL import Image, ImageFilter

from bench.engine import Engine
from datasets import Collection, open_collection
from imgsig.cluster import VARIABLES
from tests.answering import answer_json, answering  # noqa: F401 - fixtures
from tests.shared import DISTRIBUTION, Shared

# Tests that are started in the background ignore Ctrl-C, and so would the programs they send it to.
signal.signal(signal.SIGINT, signal.default_int_handler)

# So does the hanging up of a terminal, where they are started with nohup.
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Machines are shared: how long one example takes says nothing, and pytest-timeout ends what hangs.
settings.register_profile("shared", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("shared")

# Engines start in half the time. What they are slower at later, no test lasts long enough to gain.
os.environ.setdefault("IMGSIG_BENCH_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")


SHARED = pytest.StashKey[Shared]()


def pytest_configure(config: pytest.Config) -> None:
    """Makes what the processes share, or takes what the first has made."""
    config.stash[SHARED] = Shared(getattr(config, "workerinput", {}).get("shared"))


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_configure_node(node: Any) -> None:
    """Tells a further process where that is."""
    node.workerinput["shared"] = str(node.config.stash[SHARED].folder)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores: engines let tests wait for half a minute, with nothing to do."""
    return (psutil.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)  # of what is left when others have deselected theirs
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts files of long tests first: one that is begun last keeps the others waiting."""
    marks = {"slow", "engine"}
    long = {item.path for item in items if marks & {mark.name for mark in item.iter_markers()}}
    items.sort(key=lambda item: item.path not in long)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stops the engine after the last test: no timeout of a test counts here."""
    session.config.stash[SHARED].leave()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes what was shared."""
    config.stash[SHARED].remove()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--rewrite-oracles``."""
    parser.addoption("--rewrite-oracles", action="store_true", help="write tests/oracles anew")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what the engine that is tested cannot do."""
    for mark in item.iter_markers("only_on"):
        if DISTRIBUTION.engine != mark.args[0]:
            pytest.skip(f"{DISTRIBUTION.title}: {mark.kwargs['reason']}")


@pytest.fixture(scope="session")
def engine_env() -> dict[str, str]:
    """The environment without a cluster to use instead of the embedded engine."""
    return {name: value for name, value in os.environ.items() if name not in VARIABLES}


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Shared:
    """What all processes of the test run share."""
    return request.config.stash[SHARED]


@pytest.fixture(scope="session")
def session_engine_folder(shared: Shared) -> Path:
    """Folder of the fixture ``engine``."""
    return shared.engine_folder


@pytest.fixture(scope="session")
def engine(shared: Shared, engine_env: dict[str, str]) -> Engine:
    """The embedded engine of this test run, see `tests.shared.DISTRIBUTION`."""
    return shared.engine(engine_env)


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """A few made photographs, and no network."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(8):
        noise = rng.integers(0, 256, (24, 32, 3)).astype(np.uint8)
        picture = Image.fromarray(noise).resize((256, 192), Image.Resampling.BICUBIC)
        picture.filter(ImageFilter.GaussianBlur(6)).save(folder / f"{number}.png")
    return open_collection(f"folder:{folder}")
