"""Progress goes to standard error, with a rate; nothing is cut from a table."""

import io

from rich.console import Console

from imgsig.cli.terminal import WholeTable, make_progress, progress_console


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


def cells(lines: list[str], edge: str, column: int) -> str:
    """What is in a column, its lines joined."""
    return "".join(line.split(edge)[column + 1].strip() for line in lines if edge in line)


def test_nothing_is_cut_where_the_terminal_is_narrow():
    heading, name = "candidate_recall@100", "an_index_whose_name_is_longer_than_the_column"
    table = WholeTable("index", heading)
    table.add_column("ranked by", justify="right")
    table.add_row(name, "0.914", "score")
    console = Console(width=40)
    with console.capture() as captured:
        console.print(table)
    lines = captured.get().splitlines()
    assert "…" not in captured.get()
    assert max(map(len, lines)) <= 40
    assert cells(lines, "│", 0) == name
    assert cells(lines, "┃", 1) == heading


def test_a_bar_shows_how_much_of_how_many_and_the_time():
    console = Console(file=io.StringIO(), width=100)
    with make_progress(console) as progress:
        bar = progress.add_task("Simulating schemes", total=8)
        progress.advance(bar, 3)
    shown = console.file.getvalue()
    assert "Simulating schemes" in shown
    assert "3/8" in shown
    assert "0:00:0" in shown
