"""The environment that peers are installed in: made once, kept in the cache."""

import hashlib
import json
import platform
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from filelock import FileLock

from bench.engine.folder import remove_tree
from bench.runs.errors import MeasurementError
from bench.runs.folder import read_json, write_json
from datasets.cache import cache_dir

#: Every package of the environment, pinned by version and hash.
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
#: Those that need a compiler: where there is none, the environment is made without them.
COMPILED = Path(__file__).with_name("requirements-compiled.txt")

_READY = "ready.json"


def peer_python(requirements: Path = REQUIREMENTS) -> Path:
    """The interpreter of the peers' environment, which is made where it is missing.

    An environment is named by what is in its requirements and by the Python it is for, so it is
    made again when either changes, and only then.
    """
    folder = environment_folder(requirements)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / _READY).is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not (folder / _READY).is_file():
                _make(folder, python, requirements)
    return python


def environment_folder(requirements: Path = REQUIREMENTS) -> Path:
    """Where the environment of these requirements is, or will be."""
    content = requirements.read_bytes() + COMPILED.read_bytes() + platform.python_version().encode()
    return cache_dir() / "peers" / hashlib.sha256(content).hexdigest()[:16]


def describe_peers(requirements: Path = REQUIREMENTS) -> dict[str, Any]:
    """Python and package versions of the environment, which is made where it is missing.

    ``not_compiled`` is why packages that need a compiler are not there, empty if they are.
    """
    peer_python(requirements)
    ready = environment_folder(requirements) / _READY
    described: dict[str, Any] = read_json(ready)
    return described


def _make(folder: Path, python: Path, requirements: Path) -> None:
    remove_tree(folder)  # what is left of an attempt that was ended
    venv.create(folder, with_pip=False)
    # Our own pip installs into it: a pip of its own would take seconds to make.
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-build-isolation", "--require-hashes"]
    install.append("--ignore-requires-python")  # a model asks for a newer one than a model needs
    _call([*install, "--requirement", str(requirements)])
    not_compiled = ""
    try:
        _call([*install, "--requirement", str(COMPILED)])
    except MeasurementError as error:
        not_compiled = str(error)
    listed = json.loads(_call([*pip, "list", "--format", "json"]))
    described = {
        "python": platform.python_version(),
        "packages": {package["name"].lower(): package["version"] for package in listed},
        "not_compiled": not_compiled,
    }
    write_json(folder / _READY, described)


def _call(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeasurementError(
            "the peers' environment cannot be made; are the package registries reachable? "
            f"{' '.join(command[3:])} said:\n{done.stderr.strip()[-2000:]}"
        )
    return done.stdout
