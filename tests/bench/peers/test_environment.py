"""The peers' environment is made once, and again when what is in it changes."""

import re
import subprocess

import pytest

from bench.peers import environment
from bench.peers.environment import (
    REQUIREMENTS,
    describe_peers,
    environment_folder,
    peer_python,
)
from bench.runs.errors import MeasurementError


def test_it_is_used_again_while_its_lock_is_the_same(monkeypatch):
    python = peer_python()
    monkeypatch.setattr(environment, "_make", lambda *_: pytest.fail("made again"))
    assert peer_python() == python
    packages = describe_peers()["packages"]
    assert packages["image-match3"] == "1.1.3"
    locked = dict(re.findall(r"^([\w-]+)==([\d.]+) \\", REQUIREMENTS.read_text(), re.MULTILINE))
    assert {name: packages[name] for name in locked} == locked
    found = subprocess.run(
        [python, "-c", "import skimage, PIL; print(skimage.__version__, PIL.__version__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == [packages["scikit-image"], packages["pillow"]]


def test_another_lock_is_another_environment(tmp_path):
    changed = tmp_path / "requirements.txt"
    changed.write_text(REQUIREMENTS.read_text() + "# changed\n")
    assert environment_folder(changed) != environment_folder()
    changed.write_text(REQUIREMENTS.read_text())
    assert environment_folder(changed) == environment_folder()


def test_a_package_that_is_not_the_one_that_was_pinned_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path / "cache"))
    wrong = tmp_path / "requirements.txt"
    wrong.write_text(f"six==1.17.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(MeasurementError, match="cannot be made"):
        peer_python(wrong)
    assert not (environment_folder(wrong) / "ready.json").exists()


def test_peers_have_the_versions_that_this_project_runs_with():
    lock = (environment.Path(__file__).parents[3] / "requirements.lock").read_text()
    ours = {line.split(" ")[0] for line in lock.splitlines() if "==" in line}
    shared = {"numpy", "pillow", "scikit-image", "scipy", "imageio", "tifffile"}
    lines = [line.split(" ")[0] for line in REQUIREMENTS.read_text().splitlines()]
    pinned = [line for line in lines if line.partition("==")[0] in shared]
    assert {line.partition("==")[0] for line in pinned} == shared
    assert set(pinned) <= ours
