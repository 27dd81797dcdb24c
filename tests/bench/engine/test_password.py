"""The password of an embedded engine."""

import base64
import hashlib
from pathlib import Path

import pytest
import urllib3

from bench.engine import Engine, engine_status
from bench.engine.password import FILE, USER, ensure_password, read_password, write_users


def test_it_is_made_once_and_for_its_users_eyes(tmp_path: Path) -> None:
    password = ensure_password(tmp_path)
    assert ensure_password(tmp_path) == password == read_password(tmp_path / FILE)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / "other").mkdir()
    assert ensure_password(tmp_path / "other") != password
    assert read_password(tmp_path / "none") is None


def test_the_servers_file_holds_a_hash_of_it(tmp_path: Path) -> None:
    write_users(tmp_path, "secret")
    line = (tmp_path / "users").read_text()
    assert "secret" not in line
    user, _, entry = line.strip().partition(":{PBKDF2}")
    iterations, salt, derived = entry.split("$")
    expected = hashlib.pbkdf2_hmac("sha512", b"secret", base64.b64decode(salt), int(iterations), 32)
    assert (user, base64.b64decode(derived)) == (USER, expected)


@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no security embedded")
def test_without_it_nobody_is_let_in(engine: Engine) -> None:
    state = next(one for one in engine_status() if one.url == engine.url)
    assert state.credentials is not None
    user, password = state.credentials
    for given, status in ((password, 200), ("wrong", 401)):
        headers = urllib3.make_headers(basic_auth=f"{user}:{given}")
        assert (
            urllib3.request("GET", f"{engine.url}/_cluster/health", headers=headers).status
            == status
        )
    assert urllib3.request("DELETE", f"{engine.url}/nothing").status == 401
