"""One pair of workers for all tests of the peers."""

from collections.abc import Iterator

import pytest

from bench.kinds.speed.peers.session import Session, open_session


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    """Both workers; the peers' environment is made when it is missing, which needs a registry."""
    with open_session() as opened:
        yield opened
