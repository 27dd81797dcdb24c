"""Some of the faults of Elasticsearch, of each kind; `make faults` injects all."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.engine import Engine, open_engine
from tests.faults.elasticsearch import injections
from tests.faults.http_proxy import proxy_of
from tests.faults.injection import Site, inject

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module")
def engine(engine_env) -> Iterator[Engine]:
    """One of its own: a cluster that is red would disturb other tests."""
    with TemporaryDirectory(prefix="imgsig-faults-") as folder:
        Path(folder).chmod(0o711)
        with open_engine(Path(folder) / "own", heap="512m", env=engine_env) as opened:
            yield opened


SOME = (
    "a cluster of version 9.1.0",
    "401 (answered",
    "a cluster that is red",
    "an index of somebody else has our index's name",
    "our index lost a document",
    "429 to every seventh document",
    "reset (RST) after a bulk request",
    "answer to a bulk request without its last document",
    "disk full past the flood stage",
    "index deleted by somebody before the first document",
    "a shard fails in a count",
    "a shard fails in the 15th search",
    "a search says timed_out",
    "503 search_phase_execution",
    "HTML page of a proxy, status 200, instead of a search",
)


@pytest.mark.parametrize("begin", SOME)
def test_a_fault_leads_to_what_it_should(engine, tmp_path, begin):
    (injection,) = [one for one in injections() if one.injected.startswith(begin)]
    with proxy_of(engine.url) as proxy:
        fault = inject(Site(engine.client, proxy, tmp_path), injection)
    assert fault.ok, fault.happened
    assert fault.group == "elasticsearch"


def test_every_fault_is_told_apart():
    told = [injection.injected for injection in injections()]
    assert len(set(told)) == len(told) > 50
