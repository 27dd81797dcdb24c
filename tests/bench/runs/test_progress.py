"""Progress says what is done, of how much, and how long it takes."""

import io

from rich.console import Console

from bench.runs.progress import make_progress


def test_a_bar_shows_what_is_done():
    console = Console(file=io.StringIO(), width=100)
    with make_progress(console) as progress:
        bar = progress.add_task("Simulating schemes", total=8)
        progress.advance(bar, 3)
    shown = console.file.getvalue()
    assert "Simulating schemes" in shown
    assert "3/8" in shown
    assert "0:00:0" in shown
