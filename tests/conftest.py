"""One Elasticsearch for all tests of a process, and a few made photographs.

Starting it takes about ten seconds, so all tests marked ``engine`` share the one that the fixture
``engine`` gives: they use index names of their own and delete what they created. Its folder is
outside of pytest's own, which only their owner may enter: root's engines run as ``nobody``. The
space in its name is on purpose. Where tests run in several processes (``pytest -n``), each has one.
"""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image, ImageFilter

from bench.engine import Engine, open_engine
from bench.engine.external import VARIABLES
from datasets import Collection, open_collection

# Tests that are started in the background ignore Ctrl-C, and so would the programs they send it to.
signal.signal(signal.SIGINT, signal.default_int_handler)

# So does the hanging up of a terminal, where they are started with nohup.
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Machines are shared: how long one example takes says nothing, and pytest-timeout ends what hangs.
settings.register_profile("shared", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--rewrite-oracles``."""
    parser.addoption("--rewrite-oracles", action="store_true", help="write tests/oracles anew")


@pytest.fixture(scope="session")
def engine_env() -> dict[str, str]:
    """The environment without a cluster to use instead of the embedded engine."""
    return {name: value for name, value in os.environ.items() if name not in VARIABLES}


@pytest.fixture(scope="session")
def session_engine_folder() -> Iterator[Path]:
    """Folder of the fixture ``engine``."""
    with tempfile.TemporaryDirectory(prefix="imgsig engine ") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "own"


@pytest.fixture(scope="session")
def engine(session_engine_folder: Path, engine_env: dict[str, str]) -> Iterator[Engine]:
    """The embedded Elasticsearch of this test run."""
    with open_engine(session_engine_folder, heap="1g", env=engine_env) as opened:
        yield opened


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
