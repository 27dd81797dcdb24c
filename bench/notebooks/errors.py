"""What goes wrong with notebooks."""

from bench.runs.errors import BenchError


class NotebookError(BenchError):
    """A notebook failed, warned, or shows what is no longer so."""
