"""Nobody is let in, and nothing gets out."""

import pytest

from tests.faults.hostile_files import (
    HOSTILE_MEMBERS,
    archive_fault,
    certificate_faults,
    config_fault,
)
from tests.faults.reach import reach_faults
from tests.faults.secrets import secret_faults
from tests.faults.secured import secured_cluster
from tests.faults.secured_faults import secured_faults


@pytest.mark.parametrize("member", HOSTILE_MEMBERS)
def test_an_archive_that_leads_out_of_its_folder(folder, expect, member):
    expect(archive_fault(member, folder))


def test_a_config_that_would_run_a_program(folder, expect):
    expect(config_fault(folder))


@pytest.mark.fault
@pytest.mark.engine
@pytest.mark.timeout(1800)  # an engine of its own, and twenty commands
def test_users_of_a_secured_cluster(folder, expect, engine_env):
    with secured_cluster(folder, engine_env) as secured:
        for fault in secured_faults(secured, folder):
            expect(fault)


@pytest.mark.fault
@pytest.mark.engine
def test_certificates(own_engine, folder, expect):
    for fault in certificate_faults(own_engine, folder):
        expect(fault)


@pytest.mark.fault
@pytest.mark.engine
@pytest.mark.parametrize("looked", [reach_faults, secret_faults])
def test_what_others_reach_and_what_gets_out(folder, expect, looked):
    for fault in looked(folder):
        expect(fault)
