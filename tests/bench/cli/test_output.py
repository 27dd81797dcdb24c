"""Standard output that takes no more, for both programs."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.runs.environment import ROOT
from imgsig.cli.boundary import ExitCode

PICTURE = ROOT / "tests" / "imgsig" / "fixture" / "Caravaggio_Wikipedia.jpg"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    ("program", "start", "words"),
    [
        ("imgsig", "imgsig", ["--help"]),
        ("imgsig", "imgsig", ["codecs", str(PICTURE)]),
        ("imgsig-bench", "bench", ["--version"]),
    ],
)
def test_an_output_that_takes_no_more_is_told_in_a_sentence(program, start, words):
    code = f"import imgsig_start; imgsig_start.{start}()"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == ExitCode.FAILED
    assert done.stderr == f"{program}: the output cannot be written: No space left on device\n"
