"""Figures in README and the guide are those of what was measured."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def guide(monkeypatch):
    """The modules that make parts of the guide."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from guide import figures, fill, pixel_types

    yield figures, fill, pixel_types
    for name in [name for name in sys.modules if name.split(".")[0] == "guide"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("document", "made_by"),
    [("README.md", "figures"), ("docs/explanation/image-match.md", "pixel_types")],
)
def test_figures_are_those_of_what_was_measured(guide, document, made_by):
    figures, fill, pixel_types = guide
    blocks = {"figures": figures, "pixel_types": pixel_types}[made_by].BLOCKS
    text = (ROOT / document).read_text(encoding="utf-8")
    for name in blocks:
        assert f"<!-- made: {name} -->" in text
    wrong = fill.stale(text, fill.fill(text, blocks))
    assert not wrong, f"{document}: run 'make text'\n" + "\n".join(wrong)


def test_a_stale_figure_is_named_with_the_right_one(guide):
    _, fill, _ = guide
    text = "# Title\n\n<!-- made: sizes -->\n| tester | 3,606 |\n<!-- /made -->\n"
    filled = fill.fill(text, {"sizes": lambda: "| tester | 3,619 |\n"})
    assert fill.stale(text, filled) == [
        "line 4: says '| tester | 3,606 |', the results say '| tester | 3,619 |'"
    ]
    with pytest.raises(fill.UnknownPartError, match="'sizes'"):
        fill.fill(text, {})


def test_figures_come_from_the_tables(guide):
    figures, _, _ = guide
    sizes = figures._run("reference").table("variants").set_index("variant")["bytes_per_document"]
    said = figures.historical()
    assert f"| {sizes['tester']:,.0f} |" in said
    assert f"{sizes['tester'] / sizes['tester_none']:.1f} times smaller" in said
