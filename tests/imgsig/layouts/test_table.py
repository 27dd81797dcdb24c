"""Every declared layout: once, described, like no other; what is not offered is refused."""

import re

import pytest

from imgsig.errors import ConfigError
from imgsig.layouts import LAYOUTS, get_layout
from imgsig.layouts.table import ALL, REFUSED


def test_every_layout_is_registered_once_and_described():
    assert list(LAYOUTS) == [layout.layout_id for layout in ALL]
    assert len({layout.summary for layout in ALL}) == len(ALL)
    assert all(layout.summary for layout in ALL)
    assert all(get_layout(layout_id).layout_id == layout_id for layout_id in LAYOUTS)


def test_no_two_layouts_are_the_same():
    parts = {tuple(vars(layout).items())[2:] for layout in ALL}
    assert len(parts) == len(ALL)


def test_what_is_unknown_or_not_offered_is_refused():
    with pytest.raises(ConfigError, match="must be one of dynamic, "):
        get_layout("none such")
    with pytest.raises(ConfigError, match="must be one of dynamic, "):
        get_layout(["dynamic"])
    for layout_id in REFUSED:
        with pytest.raises(ConfigError, match=re.escape(REFUSED[layout_id])):
            get_layout(layout_id)
