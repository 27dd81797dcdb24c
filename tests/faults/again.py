"""The same experiment once more: in another folder, without a cache, as another user."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from bench.runs.environment import ROOT
from tests.faults.fault import Fault
from tests.faults.small_run import (
    Done,
    bench_command,
    bench_env,
    differences,
    only_run,
    run_bench,
)

WANTED = "the same tables, byte for byte (times apart)"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PACKAGES = ("imgsig", "bench", "datasets")


def without_caches(config: Path, expected: Mapping[str, str], folder: Path) -> Fault:
    """Run the small experiment again where nothing is left of the first time."""
    env = {"IMGSIG_BENCH_CACHE": str(folder / "cache")}
    done = run_bench("run", config, "--results", folder / "again", env=env)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    return compared("in another folder, caches removed", done, folder / "again", expected)


def as_another_user(config: Path, expected: Mapping[str, str], folder: Path) -> Fault:
    """Run the small experiment again as a user who owns nothing but a folder."""
    user = "nobody" if os.geteuid() == 0 else ""
    python = _python_of(pwd.getpwnam(user)) if user else None
    done, results = _as_user(user, python, config, folder)
    with_python = f", with {python}" if python not in {None, sys.executable} else ""
    how = f"as the user {user or '?'}, from a copy of the code{with_python}"
    return compared(how, done, results, expected)


def _as_user(user: str, python: str | None, config: Path, folder: Path) -> tuple[Done, Path]:
    """Run as another user, who owns nothing but a folder of his own."""
    home = folder / "another user"
    results = home / "results"
    if not user:
        return Done(1, "only root can become another user; run this as root"), results
    if python is None:
        return Done(1, f"{user} may run no Python {VERSION}; install one for all users"), results
    account = pwd.getpwnam(user)
    home.mkdir()
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, home / "clone" / package, ignore=ignored)
    own = home / "own.yaml"
    own.write_text(config.read_text(encoding="utf-8"), encoding="utf-8")
    os.chown(home, account.pw_uid, account.pw_gid)
    for path in home.rglob("*"):
        os.chown(path, account.pw_uid, account.pw_gid)
    env = bench_env(
        {
            "HOME": str(home),
            "USER": user,
            "TMPDIR": str(home),
            # The same packages, whichever Python runs them.
            "PYTHONPATH": os.pathsep.join([str(home / "clone"), sysconfig.get_path("purelib")]),
            "PYTHONNOUSERSITE": "1",
            "IMGSIG_BENCH_CACHE": str(home / "cache"),
        }
    )
    done = subprocess.run(
        [python, *bench_command("run", own, "--results", results)[1:]],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd=home,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout), results


def _python_of(account: pwd.struct_passwd) -> str | None:
    """Path of the Python that runs, or of another for all users: root's home is closed."""
    for python in (sys.executable, shutil.which(f"python{VERSION}", path=os.defpath)):
        with contextlib.suppress(OSError):
            if python is not None:
                subprocess.run(
                    [python, "-c", ""],
                    user=account.pw_uid,
                    group=account.pw_gid,
                    extra_groups=[],
                    cwd="/",
                    check=True,
                )
                return python
    return None


def compared(how: str, done: Done, results: Path, expected: Mapping[str, str]) -> Fault:
    """What came of a run that was made again."""
    injected = f"the same config, seed and versions {how}"
    if done.code:
        return Fault("again", injected, WANTED, f"exit {done.code}: {done.message}", False)
    wrong = [f"{name} differs" for name in differences(expected, only_run(results))]
    happened = ", ".join(wrong) or f"{len(expected)} tables are the same"
    return Fault("again", injected, WANTED, happened, not wrong)
