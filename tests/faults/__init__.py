"""Faults that really happen: what is injected, what became of it, and what should have.

A group of faults is a module with a function that takes a `Setting` and gives its faults one after
the other. The tests call the same functions as ``make faults``, on smaller samples.
"""

from tests.faults.fault import Fault
from tests.faults.setting import Setting

__all__ = ["Fault", "Setting"]
