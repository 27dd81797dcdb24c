"""What the notebooks call: runs to read, figures and tables to show, verdicts to say.

Notebooks hold no logic: tested functions compute what they show. ``python -m tools.notebooks
execute`` runs them all, ``check`` says which are out of date.
"""

from bench.notebooks.display import say, show, show_table
from bench.notebooks.results import ShownRun, run

__all__ = ["ShownRun", "run", "say", "show", "show_table"]
