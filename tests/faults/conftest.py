"""What injected faults led to becomes the page ``docs/faults.md``: ``pytest --write-faults``."""

import datetime as dt
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bench.engine import Engine, open_engine
from bench.runs.folder import write_output
from imgsig.cluster import VARIABLES
from tests.faults.fault import Fault
from tests.faults.injection import INDEX
from tests.faults.small_run import undisturbed, write_small_experiment
from tests.faults.table import describe_run, page, read_page
from tests.shared import DISTRIBUTION

#: Groups of the page, in its order; the tests of each are in the file of its name.
GROUPS = ("killed", "disk", "again", "elasticsearch", "harm", "images", "security")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds what ``make faults`` is told."""
    parser.addoption("--write-faults", type=Path, help="page; groups that are not run stay in it")
    parser.addoption("--kills", type=int, default=50, help="moments at which a run is killed")
    parser.addoption("--files", type=int, default=2_400, help="picture files that are spoilt")


def pytest_configure(config: pytest.Config) -> None:
    """Writes the page where that is asked for; with xdist, in the process that has all reports."""
    path = config.getoption("--write-faults")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(FaultsPage(path))


class FaultsPage:
    """Collects the faults of the tests that are run.

    Parameters
    ----------
    path : Path
        Written at the end.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._faults = defaultdict[str, list[Fault]](list)
        self._seconds = defaultdict[str, float](float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes what a test has told; one that told nothing and failed is a fault itself."""
        found = re.search(r"tests/faults/test_(\w+)\.py::(.*)", report.nodeid)
        if found is None or type(report) is not pytest.TestReport:  # a subtest's
            return
        group, name = found.groups()
        self._seconds[group] += report.duration
        told = [Fault(**fault) for kind, fault in report.user_properties if kind == "fault"]
        if report.when == "call":
            self._faults[group] += told
        if report.failed and (report.when != "call" or all(fault.ok for fault in told)):
            said = " ".join(report.longreprtext.split())[-400:]
            self._faults[group].append(Fault(group, name, "it can be injected", said, False))

    def pytest_sessionfinish(self) -> None:
        """Writes the page."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        known, runs = read_page(self._path)
        known |= self._faults
        runs |= {name: describe_run(name, today, self._seconds[name]) for name in self._faults}
        ordered = {group: known[group] for group in GROUPS if group in known}
        write_output(self._path, page(ordered, runs).encode())


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that others may pass through, as the server of root's engines has to."""
    with tempfile.TemporaryDirectory(prefix="imgsig-faults-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def expect(
    request: pytest.FixtureRequest, subtests: pytest.Subtests, folder: Path
) -> Callable[[Fault], None]:
    """A function that hands a fault to the page; the test fails if it is not as expected."""

    def tell(fault: Fault) -> None:
        # The folder has another name each time, and so has the index in each process.
        happened = fault.happened.replace(str(folder), "FOLDER").replace(INDEX, "faults_probe")
        fault = replace(fault, happened=happened)
        request.node.user_properties.append(("fault", asdict(fault)))
        with subtests.test(fault.injected):
            assert fault.ok, f"expected: {fault.expected}; what happened: {fault.happened}"

    return tell


@pytest.fixture(autouse=True)
def no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this is for somebody's cluster."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def module_folder() -> Iterator[Path]:
    """`folder` for all tests of a file."""
    with tempfile.TemporaryDirectory(prefix="imgsig-faults-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture(scope="module")
def own_engine(module_folder: Path, engine_env: dict[str, str]) -> Iterator[Engine]:
    """One of their own: a cluster that is red would disturb other tests."""
    with open_engine(
        module_folder / "own", heap="512m", env=engine_env, distribution=DISTRIBUTION
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def config(module_folder: Path) -> Path:
    """The small experiment."""
    return write_small_experiment(module_folder)


@pytest.fixture(scope="module")
def expected(config: Path) -> Mapping[str, str]:
    """Digests of its tables when it is left alone."""
    return undisturbed(config, config.parent / "undisturbed")
