"""What was recorded of image-match is what it does."""

import json

import pytest

from tools.drop_in import RECORDED, record


@pytest.mark.slow
def test_what_was_recorded_is_what_image_match_does(tmp_path):
    assert record(tmp_path) == json.loads(RECORDED.read_text(encoding="utf-8"))
