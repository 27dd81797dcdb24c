"""Known vulnerabilities of locked packages, looked up at a service of the tests' own."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from tools import audit
from tools.audit import main

LOCK = """\
pillow==11.3.0 \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
numpy==2.2.0 \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
"""


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK)
    return path


@pytest.fixture
def osv():
    """A service like OSV; the ids of findings by package, to be filled."""
    findings = {}

    class Osv(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            name, version = asked["package"]["name"], asked["version"]
            vulns = [
                {
                    "id": found,
                    "modified": "2026-01-01T00:00:00Z",
                    "summary": "s",
                    "affected": [
                        {
                            "package": {"name": name, "ecosystem": "PyPI"},
                            "versions": [version],
                            "ranges": [
                                {
                                    "type": "ECOSYSTEM",
                                    "events": [{"introduced": "0"}, {"fixed": "99.0"}],
                                }
                            ],
                        }
                    ],
                }
                for found in findings.get(name, ())
            ]
            body = json.dumps({"vulns": vulns} if vulns else {}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query", findings
    server.shutdown()
    server.server_close()


def run(lock, url):
    return CliRunner().invoke(main, ["--lock", str(lock), "--osv-url", url])


def test_a_known_vulnerability_fails_and_says_what_to_do(lock, osv):
    url, findings = osv
    findings["pillow"] = ["PYSEC-2026-1"]
    result = run(lock, url)
    assert result.exit_code == 1
    assert "pillow 11.3.0: PYSEC-2026-1, corrected in 99.0" in result.output
    assert "make lock" in result.output


def test_none_is_said_with_the_number_of_packages(lock, osv):
    result = run(lock, osv[0])
    assert result.exit_code == 0, result.output
    assert "2 packages audited, 0 known vulnerabilities" in result.output


def test_what_was_accepted_with_a_reason_does_not_fail(lock, osv, monkeypatch):
    url, findings = osv
    findings["numpy"] = ["PYSEC-2026-2"]
    monkeypatch.setattr(audit, "ACCEPTED", {"PYSEC-2026-2": "2026-11-23: not called here"})
    assert run(lock, url).exit_code == 0


@pytest.mark.slow
def test_a_service_that_cannot_be_reached_is_said_and_fails_nothing(lock):
    result = run(lock, "http://127.0.0.1:9/v1/query")
    assert result.exit_code == 0
    assert "NOT audited" in result.output


@pytest.fixture
def elsewhere():
    """Something on the way that answers as a page to log in does, and as a proxy refuses."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")

        def do_CONNECT(self):
            self.send_response(403)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_page_to_log_in_is_no_service(lock, elsewhere):
    result = run(lock, f"{elsewhere}/v1/query")
    assert result.exit_code == 0, result.output
    assert "NOT audited" in result.output


@pytest.mark.slow
def test_a_proxy_that_refuses_is_no_service(lock, elsewhere, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, elsewhere)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    result = run(lock, "https://osv.invalid/v1/query")
    assert result.exit_code == 0, result.output
    assert "NOT audited" in result.output


def test_a_file_that_cannot_be_read_is_an_error_not_a_skip(lock, osv):
    lock.write_text("pillow>=1\n")
    result = run(lock, osv[0])
    assert result.exit_code != 0
    assert "NOT audited" not in result.output
