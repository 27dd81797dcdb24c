"""A table from which nothing is cut."""

from rich.console import Console

from imgsig.cli.table import WholeTable


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
