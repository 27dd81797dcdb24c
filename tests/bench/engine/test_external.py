"""A cluster named by the environment."""

from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from elastic_transport import SecurityWarning
from urllib3.exceptions import InsecureRequestWarning

from bench.engine import Engine, open_engine
from bench.engine.client import connect
from bench.engine.errors import EngineUnauthorisedError
from bench.engine.external import settings_from
from tests.answering import Answer, Answering
from tests.faults.tls_front import tls_front
from tests.shared import DISTRIBUTION

SECRET = "planted-5a1e"  # noqa: S105 (must not be shown anywhere)

URL = "https://es.example.org:9200"


def test_certificates_are_checked_unless_it_is_said_and_warned_of() -> None:
    settings = settings_from({"ES_URL": URL, "ES_VERIFY_CERTS": "false"})
    assert not settings.verify_certs
    with pytest.warns(SecurityWarning, match="verify_certs=False is insecure"):
        connect(settings.url, **settings.options("elasticsearch")).close()


@pytest.mark.engine
def test_the_embedded_engine_by_its_address(engine: Engine, tmp_path: Path) -> None:
    with open_engine(tmp_path, env={"ES_URL": engine.url}) as other:
        assert other.kind == "external"
        mine, theirs = engine.describe(), other.describe()
    # Only "GET /" tells it, which Elasticsearch's distribution for embedded use does not have.
    lucene = None if DISTRIBUTION.engine == "elasticsearch" else mine["lucene"]
    assert theirs == mine | {"kind": "external", "lucene": lucene}
    assert list(tmp_path.iterdir()) == []


def test_what_others_could_read_is_pointed_out(
    answering: Answering,
    answer_json: Callable[..., Answer],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain = answering(lambda _, path: answer_json(MAIN if path == "/" else {"status": "green"}))
    secret = {"ES_USER": "me", "ES_PASSWORD": SECRET}
    with tls_front(plain, trustme.CA(), "127.0.0.1") as (url, _):
        env = secret | {"ES_URL": url, "ES_VERIFY_CERTS": "false"}
        with (
            pytest.warns(InsecureRequestWarning),
            pytest.warns(SecurityWarning),
            open_engine(tmp_path, env=env),
        ):
            shown = capsys.readouterr().err
    assert "nothing proves" in shown
    assert SECRET not in shown


@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no security embedded")
def test_a_wrong_password_is_said_to_be_wrong(engine: Engine, tmp_path: Path) -> None:
    env = {"ES_URL": engine.url, "ES_USER": "me", "ES_PASSWORD": SECRET}
    with (
        pytest.raises(EngineUnauthorisedError, match="does not know these credentials") as caught,
        open_engine(tmp_path, env=env),
    ):
        pass
    assert SECRET not in str(caught.value)


LACKING = {
    "error": {
        "type": "security_exception",
        "reason": "action [cluster:monitor/nodes/info] is unauthorized for user [ann] with "
        "effective roles [few], this action is granted by the cluster privileges "
        "[monitor,manage,all]",
    },
    "status": 403,
}
#: What ``GET /`` says; the embedded engine does not answer it, so what follows cannot be met there.
MAIN = {
    "cluster_name": "theirs",
    "cluster_uuid": "u",
    "version": {"number": "9.1.3", "build_hash": "b", "lucene_version": "10.2.2"},
    "tagline": "You Know, for Search",
}


def test_without_a_look_at_its_nodes_a_cluster_is_what_it_says_of_itself(
    answering: Answering, answer_json: Callable[..., Answer], tmp_path: Path
) -> None:
    url = answering(lambda _, path: answer_json(MAIN) if path == "/" else answer_json(LACKING, 403))
    with open_engine(tmp_path, env={"ES_URL": url}) as opened:
        described = opened.describe()
    told = {key: value for key, value in described.items() if value is not None}
    assert told == {
        "kind": "external",
        "url": url,
        "name": "elasticsearch",
        "version": "9.1.3",
        "lucene": "10.2.2",
        "build_hash": "b",
        "cluster_uuid": "u",
        "cluster_name": "theirs",
    }


def test_without_its_version_nothing_is_measured(
    answering: Answering, answer_json: Callable[..., Answer], tmp_path: Path
) -> None:
    url = answering(lambda *_: answer_json(LACKING, 403))
    with (
        open_engine(tmp_path, env={"ES_URL": url}) as opened,
        pytest.raises(EngineUnauthorisedError, match=r"does not tell its version.*'ann' lacks the"),
    ):
        opened.describe()
