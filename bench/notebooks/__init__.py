"""What the notebooks call: runs to read, figures and tables to show, verdicts to say.

The notebooks hold no logic: what they show is computed by tested functions. ``python -m
tools.notebooks execute`` runs them all and ``check`` says which are out of date.
"""

from bench.notebooks.display import say, show, show_table
from bench.notebooks.results import ShownRun, run

__all__ = ["ShownRun", "run", "say", "show", "show_table"]
