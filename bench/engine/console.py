"""Where the engine tells the user what it is doing: the terminal's standard error."""

from rich.console import Console

console = Console(stderr=True)


def notice(text: str) -> None:
    """Print one line, without reading markup into paths or numbers."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
