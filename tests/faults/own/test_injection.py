"""What counts as expected: the fault was met, and the message says it without a traceback."""

import pytest

from tests.faults.http_proxy import Rule, proxy_of
from tests.faults.injection import Injection, Site, inject, outcome


@pytest.mark.engine
def test_a_fault_that_is_not_met_or_survived_is_not_as_expected(engine, tmp_path):
    wanted = Injection("x", (Rule("/_search", status=500),), "some error", work=lambda site: 1)
    with proxy_of(engine.url) as proxy:
        site = Site(engine, proxy, tmp_path)
        fault = inject(site, wanted)
    assert not fault.ok
    assert "not met" in fault.happened


def test_a_traceback_is_no_message():
    def defect():
        raise ZeroDivisionError("a defect")

    code, said = outcome(defect)
    assert code == 70
    assert "ZeroDivisionError" in said
