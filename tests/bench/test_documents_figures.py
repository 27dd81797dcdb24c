"""Figures in README are those of the committed results."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def guide(monkeypatch):
    """The modules that make parts of the guide."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from guide import figures, fill

    yield figures, fill
    for name in [name for name in sys.modules if name.split(".")[0] == "guide"]:
        del sys.modules[name]


def test_figures_in_readme_are_those_of_the_results(guide):
    figures, fill = guide
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in figures.BLOCKS:
        assert f"<!-- made: {name} -->" in text
    wrong = fill.stale(text, fill.fill(text, figures.BLOCKS))
    assert not wrong, "README.md: run 'make text'\n" + "\n".join(wrong)


def test_a_stale_figure_is_named_with_the_right_one(guide):
    _, fill = guide
    text = "# Title\n\n<!-- made: sizes -->\n| tester | 3,606 |\n<!-- /made -->\n"
    filled = fill.fill(text, {"sizes": lambda: "| tester | 3,619 |\n"})
    assert fill.stale(text, filled) == [
        "line 4: says '| tester | 3,606 |', the results say '| tester | 3,619 |'"
    ]
    with pytest.raises(fill.UnknownPartError, match="'sizes'"):
        fill.fill(text, {})


def test_figures_come_from_the_tables(guide):
    figures, _ = guide
    sizes = figures._run("reference").table("variants").set_index("variant")["bytes_per_document"]
    said = figures.historical()
    assert f"| {sizes['tester']:,.0f} |" in said
    assert f"{sizes['tester'] / sizes['tester_none']:.1f} times smaller" in said
