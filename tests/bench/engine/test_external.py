"""A cluster named by the environment, and what is said of one that cannot be worked with."""

import socket
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from elastic_transport import SecurityWarning

from bench.engine import Engine, open_engine
from bench.engine.client import check_cluster
from bench.engine.errors import (
    EngineError,
    EngineUnauthorisedError,
    EngineUnhealthyError,
    EngineUnreachableError,
    EngineVersionError,
    ExternalSettingsError,
)
from bench.engine.external import ExternalSettings

SECRET = "planted-5a1e"  # noqa: S105 (must not be shown anywhere)

URL = "https://es.example.org:9200"


def test_reads_the_environment() -> None:
    read = ExternalSettings.from_env({"ES_URL": URL + "/", "ES_API_KEY": SECRET})
    assert read == ExternalSettings(URL, api_key=SECRET)
    assert read.verify_certs
    read = ExternalSettings.from_env({"ES_URL": URL, "ES_USER": "me", "ES_PASSWORD": SECRET})
    assert read.basic_auth == ("me", SECRET)


@pytest.mark.parametrize(
    "env", [{"ES_API_KEY": SECRET}, {"ES_USER": "me", "ES_PASSWORD": SECRET}], ids=["key", "user"]
)
def test_secrets_are_not_shown(env: dict[str, str]) -> None:
    settings = ExternalSettings.from_env({"ES_URL": URL} | env)
    with settings.client() as client:
        engine = Engine("external", settings.url, client)
        assert SECRET not in repr(settings) + str(settings) + repr(engine) + repr(client)


@pytest.mark.parametrize(
    "url",
    [
        f"https://me:{SECRET}@es.example.org:9200",
        f"https://{SECRET}@es.example.org:9200",
        f"https://me:{SECRET}@es.example.org:port",
        f"me:{SECRET}@es.example.org:9200",
        f"https://es.example.org:9200/?api_key={SECRET}",
        f"https://es.example.org:9200/#{SECRET}",
        f"https://[{SECRET}@x",
    ],
)
def test_secrets_in_the_address_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ExternalSettingsError, match="ES_URL") as caught:
        ExternalSettings.from_env({"ES_URL": url})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["", "es:9200", "https://es", "ftp://es:21", "https://:9200", "x"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ExternalSettingsError, match=r"https://es\.example\.org:9200"):
        ExternalSettings.from_env({"ES_URL": url})


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"ES_API_KEY": SECRET, "ES_USER": "me"}, "unset one"),
        ({"ES_USER": "me"}, "set both"),
        ({"ES_PASSWORD": SECRET}, "set both"),
        ({"ES_API_KEY": f"{SECRET}\n"}, "in one line"),
        ({"ES_API_KEY": f"{SECRET}\nX-Other: 1"}, "in one line"),
        ({"ES_API_KEY": f"ApiKey {SECRET}"}, "the encoded key"),
        ({"ES_API_KEY": f"{SECRET}é"}, "no ASCII"),
        ({"ES_CA_CERTS": "/no/such/file.pem"}, "/no/such/file.pem"),
        ({"ES_VERIFY_CERTS": "maybe"}, "true or false"),
    ],
)
def test_contradictions(env: dict[str, str], says: str) -> None:
    with pytest.raises(ExternalSettingsError, match=says) as caught:
        ExternalSettings.from_env({"ES_URL": URL} | env)
    assert SECRET not in str(caught.value)


def test_certificates_are_checked_unless_it_is_said_and_warned_of() -> None:
    settings = ExternalSettings.from_env({"ES_URL": URL, "ES_VERIFY_CERTS": "false"})
    assert not settings.verify_certs
    with pytest.warns(SecurityWarning, match="verify_certs=False is insecure"):
        settings.client().close()


@pytest.mark.engine
def test_the_embedded_engine_by_its_address(engine: Engine, tmp_path: Path) -> None:
    with open_engine(tmp_path, env={"ES_URL": engine.url}) as other:
        assert other.kind == "external"
        mine, theirs = engine.describe(), other.describe()
    assert theirs == mine | {"kind": "external", "lucene": None}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.engine
def test_credentials_over_plain_http_are_pointed_out(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    env = {"ES_URL": engine.url, "ES_USER": "me", "ES_PASSWORD": SECRET}
    with open_engine(tmp_path, env=env):
        shown = capsys.readouterr().err
    assert "unencrypted" in shown
    assert SECRET not in shown


Answer = tuple[int, dict[str, str], bytes]

Answering = Callable[[Callable[[str, str], Answer]], str]


def failure(url: str) -> EngineError:
    env = {"ES_URL": url, "ES_USER": "me", "ES_PASSWORD": SECRET}
    settings = ExternalSettings.from_env(env)
    with settings.client() as client, pytest.raises(EngineError) as caught:
        check_cluster(client, settings.url)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


def test_nothing_answers() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        error = failure(url)
    assert isinstance(error, EngineUnreachableError)
    assert f"{url} cannot be reached" in str(error)
    assert "ES_URL" in str(error)


@pytest.mark.parametrize(("status", "says"), [(401, "ES_API_KEY"), (403, "privilege 'monitor'")])
def test_refused(
    answering: Answering, answer_json: Callable[..., Answer], status: int, says: str
) -> None:
    error = failure(answering(lambda *_: answer_json({"error": {"type": "x"}}, status)))
    assert isinstance(error, EngineUnauthorisedError)
    assert says in str(error)


@pytest.mark.parametrize("version", ["7.17.9", "9.0.0", "6.8.23", "80.1"])
def test_wrong_version(
    answering: Answering, answer_json: Callable[..., Answer], version: str
) -> None:
    error = failure(answering(lambda *_: answer_json({"version": {"number": version}})))
    assert isinstance(error, EngineVersionError)
    assert f"is Elasticsearch {version}, and 8.x is needed" in str(error)


def test_another_product(answering: Answering, answer_json: Callable[..., Answer]) -> None:
    body = {"version": {"number": "2.11.0", "distribution": "opensearch"}}
    _, _, content = answer_json(body)
    error = failure(answering(lambda *_: (200, {"content-type": "application/json"}, content)))
    assert isinstance(error, EngineVersionError)
    assert "opensearch 2.11.0" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"content-type": "text/html"}, b"<html>"),
        (200, {"content-type": "image/png"}, b"\x89PNG"),
        (502, {"content-type": "text/html"}, b"<html>"),
        (200, {"content-type": "application/json"}, b"{"),
        (404, {"content-type": "application/json"}, b"{}"),
    ],
)
def test_no_elasticsearch_at_all(answering: Answering, answer: Answer) -> None:
    error = failure(answering(lambda *_: answer))
    assert isinstance(error, EngineUnreachableError | EngineVersionError)
    assert "ES_URL" in str(error)


def test_red(answering: Answering, answer_json: Callable[..., Answer]) -> None:
    def answer(_method: str, path: str) -> Answer:
        if path == "/":
            return answer_json({"version": {"number": "8.18.0"}})
        if path.startswith("/_cat/indices"):
            return answer_json([{"index": "broken"}])
        return answer_json({"status": "red"})

    error = failure(answering(answer))
    assert isinstance(error, EngineUnhealthyError)
    assert "such as broken" in str(error)
