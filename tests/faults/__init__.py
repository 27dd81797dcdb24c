"""Faults that really happen: what is injected, what became of it, and what should have.

A test injects a fault and hands what came of it to the fixture ``expect``: it fails where that is
not as expected, and ``pytest --write-faults`` puts it into the page. Tests marked ``fault`` are of
``make faults`` alone, the others of ``make test-all`` too. ``own`` has the tests of what injects
faults and judges them.
"""
