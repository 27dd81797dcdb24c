"""What `test_security` looks for is found when it is there."""

import http.client

import pytest

from tests.faults.hostile_names import HOSTILE, names_in_pages
from tests.faults.reach import other_user, private, readable_by
from tests.faults.secrets import refusing


@pytest.mark.parametrize(
    "page",
    [
        "<p><img src=x onerror=planted(1)>.png</p>",
        '<a title=""><svg onload=planted(2)>.png">',
        '<a href="javascript:planted(4).png">x</a>',
        "<script>planted(5)</script>",
        "<p>49{% raise planted %}.png and planted(</p>",
        "<script>let x = 'planted'</script>",
        '<script type="application/json">"</script><script>planted(5)<!--.png"</script>',
        "<!--.png planted -->",
        '<a href=" JavaScript:planted(4)">x</a>',
    ],
)
def test_a_name_that_became_more_than_text_is_found(page, tmp_path):
    (tmp_path / "report.html").write_text(f"<p>{HOSTILE[3]}</p>{page}")
    assert not names_in_pages(tmp_path).ok


def test_names_as_text_are_well_and_no_names_are_not(tmp_path):
    page = tmp_path / "report.html"
    page.write_text(f"<p>{HOSTILE[0].replace('<', '&lt;')}</p>")
    assert names_in_pages(tmp_path).ok
    page.write_text("<p>nothing</p>")
    assert not names_in_pages(tmp_path).ok


def test_what_another_user_can_read_is_found(folder):
    for name, mode in (("open", 0o644), ("private", 0o600)):
        (folder / name).write_text("x")
        (folder / name).chmod(mode)
    user = other_user()
    if user is None:  # not root: then there is nobody to become, which the fault says
        return
    found = readable_by(user, [folder / "open", folder / "private"])
    assert [path.name for path in found] == ["open"]
    assert private(folder, "x", [folder / "private"], at_least=1).ok
    assert not private(folder, "x", [folder / "open"], at_least=1).ok
    folder.chmod(0o700)  # then nothing is proved
    assert not private(folder, "x", [folder / "private"], at_least=1).ok


def test_the_refusing_address_says_what_it_was_shown():
    with refusing() as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        connection.request("PUT", "/x", headers={"authorization": "ApiKey abc"})
        answer = connection.getresponse()
        assert answer.status == 401
        assert b"ApiKey abc" in answer.read()
        connection.close()
