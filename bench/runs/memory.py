"""What a run has freed goes back to the system: it signs for minutes, and then loads for hours."""

import ctypes

import pyarrow


def take_from_system() -> None:
    """Have Arrow allocate as everything else does: its own allocator keeps what tables took."""
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())


def give_back() -> None:
    """Give back what was freed, where the C library keeps it; only glibc's can be told to."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
