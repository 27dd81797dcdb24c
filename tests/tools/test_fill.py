"""Figures in README and the guide are those of what was measured."""

import sys
from pathlib import Path

import pytest

from bench.kinds.scale.page import held_out_sentences
from bench.report.summary import summarize, verdict
from tools import fill

ROOT = Path(__file__).parents[2]
#: Documents with marks between which figures stand.
MARKED = [
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "<!-- made: " in path.read_text(encoding="utf-8")
]


@pytest.fixture
def figures(monkeypatch):
    """The module that makes most parts of the guide; the others can be imported."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from guide import figures

    yield figures
    for name in [name for name in sys.modules if name.split(".")[0] == "guide"]:
        del sys.modules[name]


@pytest.mark.parametrize("document", MARKED)
def test_figures_are_those_of_what_was_measured(figures, document):
    blocks = fill.documents()[ROOT / document]
    text = (ROOT / document).read_text(encoding="utf-8")
    for name in blocks:
        assert f"<!-- made: {name} -->" in text
    wrong = fill.stale(text, fill.fill(text, blocks))
    assert not wrong, f"{document}: run 'make text'\n" + "\n".join(wrong)


def test_drawings_of_the_guide_are_those_that_the_code_makes(figures):
    from guide.drawings import DRAWINGS

    for name, draw in DRAWINGS.items():
        path = ROOT / "docs" / "drawings" / f"{name}.svg"
        assert path.read_text(encoding="utf-8") == draw(), f"run 'make site' and commit {path.name}"


def test_what_indexes_and_holds_the_integers_is_told_apart(figures):
    """36 % of the index are points and 9 % doc values, which are no index."""
    fields = figures._run(figures.MAIN).table("fields").set_index(["variant", "field", "structure"])
    store = figures._run(figures.MAIN).table("variants").set_index("variant")["store_bytes"]
    said = " ".join(figures.historical().split())
    for structure, words in (("points", "of `tester` is an index"), ("doc_values", "their doc")):
        share = 100 * fields.loc[("tester", "signature", structure), "bytes"] / store["tester"]
        assert f"{share:.0f} % {words}" in said


def test_findings_say_what_the_terminal_says(figures):
    said = " ".join((ROOT / "docs" / "findings.md").read_text(encoding="utf-8").split())
    run = figures._run(figures.MAIN)
    for sentence in verdict(summarize(run), run.table("comparisons"))[1:]:
        assert sentence in said
    for sentence in held_out_sentences(figures._run("reference-scale")):
        assert sentence in said


def test_a_stale_figure_is_named_with_the_right_one():
    text = "# Title\n\n<!-- made: sizes -->\n| tester | 3,606 |\n<!-- /made -->\n"
    filled = fill.fill(text, {"sizes": lambda: "| tester | 3,619 |\n"})
    assert fill.stale(text, filled) == [
        "line 4: says '| tester | 3,606 |', the results say '| tester | 3,619 |'"
    ]
    with pytest.raises(fill.UnknownPartError, match="'sizes'"):
        fill.fill(text, {})


def test_figures_come_from_the_tables(figures):
    sizes = figures._run(figures.MAIN).table("variants").set_index("variant")["bytes_per_document"]
    said = figures.historical()
    assert f"| {sizes['tester']:,.0f} |" in said
    assert f"{sizes['tester'] / sizes['tester_none']:.1f} times smaller" in said
