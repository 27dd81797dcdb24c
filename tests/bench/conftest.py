"""Signatures to index, index names that no other test uses, and a small finished run."""

import runpy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skimage
from click.testing import CliRunner

from bench.cli import cli
from bench.peers.session import Session, open_session
from bench.runs.folder import RunFolder
from bench.signing.sign import Signed
from imgsig import Grid
from tests.shared import WORKER, credentials

TURNED = Path(__file__).parents[1] / "imgsig" / "fixture" / "turned.py"
_NUMBERS = count()

#: A small experiment on pictures that are installed anyway: every stage, in seconds.
CONFIG = """\
version: 1
name: made
dataset:
  collection: folder:{folder}
  documents: 60
  tiles: [128]
  queries: 24
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10, blur-2]
  seed: 1
variants:
  - {{name: {prefix}_array, codec: {{id: int_array}}}}
  - {{name: {prefix}_none, codec: {{id: none}}}}
  - {{name: {prefix}_column, codec: {{id: packed, strip: half}}, layout: tagged_column}}
matrix:
  N: [20]
  k: [8]
  codec: [{{id: base36, strip: border}}]
search: {{size: 20}}
evaluation: {{resamples: 200}}
cost:
  variants: [{prefix}_array, {prefix}_column]
  queries: 24
  axis_queries: 10
  clients: [2]
  minimum_should_match: [4]
  fetch: [id]
  cold: 2
  indexing: {{batches: 2, documents: 30}}
  resamples: 100
engine: {{heap: 512m}}
"""


PICTURES = (
    "astronaut brick chelsea coffee coins gravel grass ihc moon motorcycle_left rocket "
    "hubble_deep_field"
)


def write_experiment(folder: Path, prefix: str) -> Path:
    """Copy a dozen pictures, one damaged file among them, and write the config."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    data = Path(skimage.__file__).parent / "data"
    for path in sorted(data.iterdir()):
        if path.stem in PICTURES.split():
            shutil.copy(path, pictures)
    (pictures / "damaged.png").write_bytes((data / "coffee.png").read_bytes()[:500])
    config = folder / "made.yaml"
    config.write_text(CONFIG.format(folder=pictures, prefix=prefix))
    return config


class Saying(RunFolder):
    """A committed run, by its name, with parts of its config that say something else."""

    def __init__(self, name: str, **said: dict[str, object]) -> None:
        super().__init__(Path(__file__).parents[2] / "results" / name)
        self._said = said

    def config(self):
        own = super().config()
        return own | {name: own[name] | changed for name, changed in self._said.items()}

    def manifest(self):
        return super().manifest() | {"config": self.config()}


@pytest.fixture
def saying() -> type[Saying]:
    """The class."""
    return Saying


@pytest.fixture(scope="session")
def made_experiment() -> Callable[[Path, str], Path]:
    """A function that writes the small experiment into a folder and returns its config."""
    return write_experiment


@dataclass(frozen=True)
class FinishedRun:
    """A run, what it printed, and the config and the password it was started with."""

    folder: RunFolder
    stdout: str
    config: Path
    output: str
    password: str


@pytest.fixture(scope="session")
def finished(engine, shared, tmp_path_factory) -> FinishedRun:
    """The small experiment, run on the tests' engine as if that were somebody's cluster.

    It is run once; each process has a copy of its folder.
    """

    user, password = credentials(engine.url)

    def run(folder: Path) -> dict[str, str]:
        config = write_experiment(folder, "made")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ES_URL", engine.url)
            patch.setenv("ES_USER", user)
            patch.setenv("ES_PASSWORD", password)
            command = ["run", str(config), "--results", str(folder / "results")]
            result = CliRunner().invoke(cli, command)
        assert result.exit_code == 0, result.output
        return {"folder": str(folder), "stdout": result.stdout, "output": result.output}

    done = shared.once("finished", run)
    folder = tmp_path_factory.mktemp("external")
    shutil.copytree(done["folder"], folder, dirs_exist_ok=True)
    stdout, output = (
        done[name].replace(done["folder"], str(folder)) for name in ("stdout", "output")
    )
    (path,) = (folder / "results").iterdir()
    return FinishedRun(RunFolder(path), stdout, folder / "made.yaml", output, password)


@pytest.fixture(scope="session")
def signatures() -> np.ndarray:
    """Signatures of 29 pictures, and 261 more with some of their differences turned round."""
    return runpy.run_path(str(TURNED))["signatures"]()


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    """Both workers; the peers' environment is made when it is missing, which needs a registry."""
    with open_session() as opened:
        yield opened


@pytest.fixture
def index_name(engine) -> Iterator[str]:
    """A name for an index, which is deleted after the test."""
    name = f"test{WORKER}-{next(_NUMBERS)}"
    yield name
    engine.client.indices.delete(index=name, ignore_unavailable=True)


def make_signatures(seed: int, count: int, originals: int = 4) -> np.ndarray:
    """Regular signatures: a few originals, and copies of them with some differences changed."""
    rng, grid = np.random.default_rng(seed), Grid()
    free = np.arange(len(grid.free))
    made = np.zeros((count, grid.length), dtype=np.int8)
    values = rng.integers(-2, 3, (originals, len(free)), dtype=np.int8)
    for row in made:
        own = values[rng.integers(originals)].copy()
        changed = rng.random(len(free)) < rng.choice([0.0, 0.02, 0.2])
        own[changed] = rng.integers(-2, 3, int(changed.sum()))
        row[grid.free] = own
        row[grid.partner[grid.free]] = -own
    return made


@pytest.fixture(scope="session")
def alike() -> Callable[..., np.ndarray]:
    """`make_signatures`."""
    return make_signatures


@pytest.fixture(scope="session")
def signed() -> Signed:
    """60 documents of 30 photographs in 10 groups; 16 queries, one of them not signed."""
    database = make_signatures(1, 60, originals=30)
    rng = np.random.default_rng(2)
    photos = [f"photo{i // 2}" for i in range(60)]
    groups = [f"scene{i // 6}" for i in range(60)]
    documents = pd.DataFrame(
        {"doc": np.arange(60), "original": [f"o{i}" for i in range(60)], "photo": photos}
    ).assign(group=groups, status="ok", left=-1, upper=-1, right=-1, lower=-1)
    answers = rng.permutation(60)[:16]
    queries = documents.loc[answers].reset_index(drop=True)
    queries = queries.assign(
        query=np.arange(16),
        in_database=np.arange(16) % 4 != 3,
        transform=["blur", "crop"] * 8,
        family=["blur", "crop"] * 8,
        strength=1.0,
        half=["tune" if int(group[5:]) % 2 else "report" for group in queries["group"]],
        status=np.where(np.arange(16) == 5, "failed", "ok"),
    )
    queries.loc[~queries["in_database"], ["doc", "original", "photo", "group"]] = (
        -1,
        "x",
        "x",
        "x",
    )
    queries.loc[~queries["in_database"], "half"] = "tune"
    signatures = database[answers].copy()
    grid = Grid()
    for row in signatures:
        turned = grid.free[rng.random(len(grid.free)) < 0.1]
        row[turned] *= -1
        row[grid.partner[turned]] *= -1
    signatures[5] = 0
    return Signed(documents, queries, database, signatures, {})
