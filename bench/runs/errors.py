"""Errors of the harness that a user can act on."""


class BenchError(Exception):
    """Base class; the message says what happened and what to do next."""


class ExperimentError(BenchError, ValueError):
    """An experiment's config is not valid; the message names the key and what is allowed."""


class RunError(BenchError):
    """A run cannot go on: its folder is in use, or is of another experiment."""


class IndexStateError(BenchError):
    """An index is missing, red, not ours, or does not hold what it should."""


class DiskSpaceError(BenchError):
    """The disk would be too full; what was done stays, and the next start goes on from there."""


class MeasurementError(BenchError):
    """A measurement's preconditions do not hold; no figure is better than a wrong one."""


class WrongIndexError(MeasurementError):
    """An index does not hold what it should, which only building it again puts right."""
