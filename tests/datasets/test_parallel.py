"""Work on all cores."""

import operator

import psutil
import pytest

from datasets.parallel import in_parallel


def test_results_come_in_order_and_no_worker_stays():
    results = in_parallel(operator.mul, ((number, number) for number in range(50)))
    assert list(results) == [number * number for number in range(50)]
    names = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    assert not [name for name in names if "loky.backend.popen" in name]


def test_an_error_in_a_worker_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(operator.truediv, [(1, 0)]))
