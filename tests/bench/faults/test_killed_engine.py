"""A server of our own that is killed in mid-load is started again, once."""

import tempfile
from pathlib import Path

import pytest

from tests.faults.killed_engine import killed_once

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_a_killed_server_is_started_again_and_nothing_is_lost(monkeypatch):
    monkeypatch.delenv("ES_URL", raising=False)
    with tempfile.TemporaryDirectory(prefix="imgsig faults ") as folder:
        Path(folder).chmod(0o711)
        fault = killed_once(Path(folder))
    assert fault.ok, fault.happened
