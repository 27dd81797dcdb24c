"""Tables on the terminal from which nothing is cut."""

from typing import Any

from rich.table import Table


class WholeTable(Table):
    """A table whose headings and cells go on in a further line where the terminal is too narrow.

    Rich would end them in "…": an index of which half the name is shown cannot be looked up.
    """

    def add_column(self, *args: Any, **kwargs: Any) -> None:
        """Add a column, as of `rich.table.Table`."""
        super().add_column(*args, **{"overflow": "fold"} | kwargs)
