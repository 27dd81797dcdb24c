"""Progress goes to standard error, with a rate."""

import io

from rich.console import Console

from imgsig.cli.progress import make_progress, progress_console


def test_a_bar_shows_what_is_done_and_how_fast():
    console = Console(file=io.StringIO(), width=140)
    clock = iter(range(1000))
    with make_progress(console) as progress:
        progress.get_time = lambda: float(next(clock))
        bar = progress.add_task("Signing", total=8)
        for _ in range(4):
            progress.advance(bar, 2)
    shown = console.file.getvalue()
    assert "Signing" in shown
    assert "8/8" in shown
    assert "/s" in shown or "each" in shown


def test_a_quiet_console_shows_nothing(capsys):
    with make_progress(progress_console(quiet=True)) as progress:
        progress.advance(progress.add_task("Signing", total=1))
    assert capsys.readouterr() == ("", "")
    progress_console().print("seen")
    assert capsys.readouterr() == ("", "seen\n")


def test_a_bar_shows_how_much_of_how_many_and_the_time():
    console = Console(file=io.StringIO(), width=100)
    with make_progress(console) as progress:
        bar = progress.add_task("Simulating schemes", total=8)
        progress.advance(bar, 3)
    shown = console.file.getvalue()
    assert "Simulating schemes" in shown
    assert "3/8" in shown
    assert "0:00:0" in shown
