"""A cluster that the environment names, and who answers there."""

import sys

import pytest
import trustme

from imgsig.cluster import ClusterSettings, connect, family_at
from imgsig.errors import ConfigError, EngineError
from tests.answering import Answer, Answering, json_answer
from tests.faults.tls_front import tls_front

SECRET = "planted-5a1e"  # noqa: S105 (must not be shown anywhere)

URL = "https://es.example.org:9200"
OPENSEARCH = (
    200,
    {"content-type": "application/json"},
    b'{"version": {"distribution": "opensearch", "number": "3.3.2"}}',
)
TAGLINE = b'{"tagline": "The OpenSearch Project: https://opensearch.org/"}'


def test_reads_the_environment() -> None:
    read = ClusterSettings.from_env({"ES_URL": URL + "/", "ES_API_KEY": SECRET})
    assert read == ClusterSettings(URL, api_key=SECRET)
    assert read.verify_certs
    read = ClusterSettings.from_env({"ES_URL": URL, "ES_USER": "me", "ES_PASSWORD": SECRET})
    assert read.basic_auth == ("me", SECRET)


@pytest.mark.parametrize(
    "env", [{"ES_API_KEY": SECRET}, {"ES_USER": "me", "ES_PASSWORD": SECRET}], ids=["key", "user"]
)
def test_secrets_are_not_shown(env: dict[str, str]) -> None:
    settings = ClusterSettings.from_env({"ES_URL": URL} | env)
    assert SECRET not in repr(settings) + str(settings)


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
    with pytest.raises(ConfigError, match="ES_URL") as caught:
        ClusterSettings.from_env({"ES_URL": url})
    assert SECRET not in str(caught.value)


def test_a_scheme_in_capitals_is_that_scheme() -> None:
    env = {"ES_USER": "me", "ES_PASSWORD": SECRET}
    plain = ClusterSettings.from_env(env | {"ES_URL": "HTTP://es.example.org:9200"})
    (told,) = plain.risks()
    assert "go to http://es.example.org:9200 unencrypted" in told
    safe = ClusterSettings.from_env(env | {"ES_URL": "HTTPS://es.example.org:9200"})
    assert safe.url == URL
    assert safe.options("elasticsearch")["verify_certs"]


@pytest.mark.parametrize(
    "url",
    [f"{URL}\r", f"{URL}\n", f" {URL}", "https://es .org:9200", f"{URL}\u200b", f"{URL}\udcff"],
)
def test_signs_that_are_not_seen_are_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="ES_URL holds a space, a line break or another sign"):
        ClusterSettings.from_env({"ES_URL": url})


@pytest.mark.parametrize("url", ["http://a..b:9200", f"http://{'a' * 64}:9200"])
def test_hosts_that_cannot_be_looked_up(url: str) -> None:
    with pytest.raises(ConfigError, match="ES_URL is not a URL: give scheme, host and port"):
        ClusterSettings.from_env({"ES_URL": url})


def test_an_address_with_a_zone_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"host \(no zone\)"):
        ClusterSettings.from_env({"ES_URL": "http://[fe80::1%25lo]:9200"})
    assert ClusterSettings.from_env({"ES_URL": "http://[fe80::1]:9200"}).risks() == []


@pytest.mark.parametrize("url", ["", "es:9200", "https://es", "ftp://es:21", "https://:9200", "x"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ConfigError, match=r"https://es\.example\.org:9200"):
        ClusterSettings.from_env({"ES_URL": url})


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
        ({"ES_USER": "me", "ES_PASSWORD": f"{SECRET}\udcff"}, "ES_PASSWORD is no UTF-8"),
        ({"ES_USER": f"{SECRET}\udcff", "ES_PASSWORD": "x"}, "ES_USER is no UTF-8"),
        ({"ES_CA_CERTS": "/no/such/file.pem"}, "/no/such/file.pem"),
        ({"ES_VERIFY_CERTS": "maybe"}, "true or false"),
    ],
)
def test_contradictions(env: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        ClusterSettings.from_env({"ES_URL": URL} | env)
    assert SECRET not in str(caught.value)


def test_credentials_over_plain_http_are_pointed_out_where_they_leave_the_machine() -> None:
    secret = {"basic_auth": ("me", SECRET)}
    (told,) = ClusterSettings("http://es.example.org:9200", **secret).risks()
    assert "unencrypted" in told
    assert SECRET not in told
    for url in ("http://127.0.0.1:9200", "http://[::1]:9200", "http://localhost:1", URL):
        assert ClusterSettings(url, **secret).risks() == []


def test_variables_of_another_cluster_are_named_as_they_are() -> None:
    env = {"TARGET_ES_URL": URL, "TARGET_ES_USER": "me", "ES_PASSWORD": SECRET}
    with pytest.raises(ConfigError, match="TARGET_ES_USER and TARGET_ES_PASSWORD go together"):
        ClusterSettings.from_env(env, "TARGET_")
    settings = ClusterSettings.from_env({"TARGET_ES_URL": "http://127.0.0.1:1"}, "TARGET_")
    with pytest.raises(EngineError, match=r"cannot be reached: .*TARGET_ES_URL is right"):
        family_at(settings)


@pytest.mark.parametrize(
    ("answer", "family"),
    [
        (json_answer({"version": {"number": "9.2.4"}}), "elasticsearch"),
        (json_answer({"error": "no handler for GET /"}, 400), "elasticsearch"),
        (OPENSEARCH, "opensearch"),
        (
            (200, {}, b'{"tagline": "The OpenSearch Project: https://opensearch.org/"}'),
            "opensearch",
        ),
        ((403, {}, b'{"error": {"reason": "x is unauthorized for user [a]"}}'), "elasticsearch"),
        ((403, {}, b'{"error": {"reason": "no permissions for [main]"}}'), "opensearch"),
    ],
)
def test_who_answers(answering: Answering, answer: Answer, family: str) -> None:
    assert family_at(ClusterSettings(answering(lambda *_: answer))) == family


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((401, {}, b"{}"), "does not know these credentials. Set ES_API_KEY"),
        ((200, {"content-type": "text/html"}, b"<html>"), "is no Elasticsearch and no OpenSearch"),
        ((502, {}, b"[]"), r"\(status 502\)"),
        ((0, {}, b""), "cannot be reached"),
    ],
)
def test_who_is_no_engine(answering: Answering, answer: Answer, says: str) -> None:
    settings = ClusterSettings(answering(lambda *_: answer), basic_auth=("me", SECRET))
    with pytest.raises(EngineError, match=says) as caught:
        family_at(settings)
    assert SECRET not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for(answering: Answering, tmp_path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with tls_front(answering(lambda *_: OPENSEARCH), authority, "127.0.0.1") as (url, shown):
        with pytest.raises(EngineError, match=r"is not trusted: .*ES_CA_CERTS"):
            family_at(ClusterSettings(url, basic_auth=("me", SECRET)))
        assert shown == []
        trusted = ClusterSettings(
            url, ca_certs=str(tmp_path / "ca.pem"), basic_auth=("who", "wörd")
        )
        assert family_at(trusted) == "opensearch"
        with connect(trusted) as client:
            client.info()
        assert shown == ["Basic d2hvOnfDtnJk"] * 3  # who answers, twice, and the client
        unverified = ClusterSettings(url, verify_certs=False)
        assert "nothing proves" in unverified.risks()[0]
        with connect(unverified) as client:  # and nothing warns a second time
            client.info()


def test_what_is_wrong_with_a_secure_connection_is_told_apart(
    answering: Answering, tmp_path
) -> None:
    authority, path = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    plain = answering(lambda *_: OPENSEARCH).replace("http:", "https:")
    with pytest.raises(EngineError, match="See that it speaks TLS: where it does not, ES_URL"):
        family_at(ClusterSettings(plain, ca_certs=str(path)))
    with (
        tls_front(answering(lambda *_: OPENSEARCH), authority, "es.example.org") as (url, _),
        pytest.raises(EngineError, match=r"IP address mismatch.*ES_URL with a name that the cert"),
    ):
        family_at(ClusterSettings(url, ca_certs=str(path)))


def test_an_opensearch_takes_no_api_key(answering: Answering) -> None:
    settings = ClusterSettings(answering(lambda *_: OPENSEARCH), api_key="k")
    with pytest.raises(ConfigError, match="no API keys: set ES_USER"):
        connect(settings)


@pytest.mark.parametrize(
    ("answer", "package", "extra"),
    [
        (json_answer({}), "elasticsearch", "elasticsearch"),
        (OPENSEARCH, "opensearchpy", "opensearch"),
    ],
)
def test_the_extra_that_a_missing_client_is_of(
    answering: Answering,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    package: str,
    extra: str,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match=rf"pip install imgsig\[{extra}\]"):
        connect(ClusterSettings(answering(lambda *_: answer)))
