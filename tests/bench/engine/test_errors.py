"""Every error is an engine error, and notices are printed as they are."""

import pytest

from bench.engine import errors
from bench.engine.errors import notice


def test_every_error_can_be_caught_as_an_engine_error() -> None:
    own = [value for value in vars(errors).values() if isinstance(value, type)]
    classes = [one for one in own if one.__module__ == errors.__name__]
    assert len(classes) > 5
    assert all(issubclass(one, errors.EngineError) for one in classes)


def test_prints_brackets_as_they_are_and_no_line_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    text = "[bold]/a/path" + 60 * "/longer" + "[/bold]"
    notice(text)
    assert capsys.readouterr().err == text + "\n"
