"""Certificates are checked, on real connections: an engine behind TLS with an authority of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from elastic_transport import SecurityWarning
from elastic_transport.client_utils import basic_auth_to_header
from urllib3.exceptions import InsecureRequestWarning

from bench.engine import Engine, open_engine
from bench.engine.errors import EngineUnreachableError
from tests.faults.tls_front import tls_front
from tests.shared import credentials, reached_at

pytestmark = pytest.mark.engine

SECRET = "planted-77c2"  # noqa: S105 (must not be shown anywhere)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="module")
def front(engine: Engine, authority: trustme.CA) -> Iterator[tuple[str, list[str]]]:
    with tls_front(engine.url, authority, "127.0.0.1") as opened:
        yield opened


def test_an_unknown_authority_is_refused_before_credentials_are_sent(
    front: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, shown = front
    shown.clear()
    env = {"ES_URL": url, "ES_API_KEY": SECRET}
    with (
        pytest.raises(EngineUnreachableError, match=r"not trusted.*Set ES_CA_CERTS") as caught,
        open_engine(tmp_path, env=env),
    ):
        pass
    assert SECRET not in str(caught.value)
    assert shown == []


@pytest.mark.only_on("elasticsearch", reason="has no security embedded")
def test_its_authority_opens_it(
    front: tuple[str, list[str]], ca_file: Path, engine: Engine, tmp_path: Path
) -> None:
    url, shown = front
    user, password = credentials(engine.url)
    env = {"ES_URL": url, "ES_USER": user, "ES_PASSWORD": password, "ES_CA_CERTS": str(ca_file)}
    with open_engine(tmp_path, env=env) as opened:
        assert opened.describe() == engine.describe() | {
            "kind": "external",
            "lucene": None,
            "url": url,
        }
    assert set(shown) == {basic_auth_to_header((user, password))}


def test_a_certificate_of_another_host_is_refused(
    engine: Engine, authority: trustme.CA, ca_file: Path, tmp_path: Path
) -> None:
    with tls_front(engine.url, authority, "es.example.org") as (url, shown):
        env = {"ES_URL": url, "ES_CA_CERTS": str(ca_file)}
        with (
            pytest.raises(
                EngineUnreachableError, match=r"(doesn't match|mismatch).*ES_URL .*a name that"
            ),
            open_engine(tmp_path, env=env),
        ):
            pass
        assert shown == []


@pytest.mark.only_on("elasticsearch", reason="has no security embedded")
def test_checks_turned_off_are_warned_of(
    front: tuple[str, list[str]],
    engine: Engine,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    env = reached_at(front[0], engine) | {"ES_VERIFY_CERTS": "false"}
    with (
        pytest.warns(InsecureRequestWarning),
        pytest.warns(SecurityWarning, match="insecure"),
        open_engine(tmp_path, env=env),
    ):
        pass
    assert "anyone on the way can read" in capsys.readouterr().err
