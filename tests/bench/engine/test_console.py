import pytest

from bench.engine.console import notice


def test_prints_brackets_as_they_are_and_no_line_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    text = "[bold]/a/path" + 60 * "/longer" + "[/bold]"
    notice(text)
    assert capsys.readouterr().err == text + "\n"
