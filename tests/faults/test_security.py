"""Nobody is let in, and nothing gets out."""

import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from imgsig.cli import cli
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


@pytest.fixture(scope="module")
def secured(engine_env):
    """A secured cluster, in a folder that others may pass through."""
    with tempfile.TemporaryDirectory(prefix="imgsig-secured-") as made:
        Path(made).chmod(0o711)
        with secured_cluster(Path(made), engine_env) as started:
            yield started


@pytest.mark.fault
@pytest.mark.engine
@pytest.mark.timeout(1800)  # an engine of its own, and twenty commands
def test_users_of_a_secured_cluster(secured, folder, expect):
    for fault in secured_faults(secured, folder):
        expect(fault)


@pytest.mark.fault
@pytest.mark.engine
@pytest.mark.timeout(900)
def test_the_library_needs_what_its_guide_says(secured, folder):
    path = folder / "a.png"
    Image.effect_noise((100, 80), 50).save(path)

    def typed(*words: str) -> str:
        done = CliRunner().invoke(cli, ["index", *words], env=secured.env("pictures"))
        assert done.exit_code == 0, done.output
        return done.stdout

    typed("create", "catalogue")
    assert "1 added" in typed("add", "catalogue", str(path), "--workers", "1")
    assert "a.png" in typed("search", "catalogue", str(path), "--orientations", "all")
    assert "documents  1" in typed("info", "catalogue")
    assert "1 deleted" in typed("delete", "catalogue", "--path", str(path))


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
