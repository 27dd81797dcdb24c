"""``python -m tools.audit``: known vulnerabilities of the packages that are locked.

Looked up by pip-audit, at PyPI or at OSV, whichever answers. Where neither does, that is said and
nothing fails: a machine without these services can still check all else.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bench.runs.environment import ROOT
from bench.runs.errors import MeasurementError

#: Findings that do not concern this project: their ids, each with the reason and the date.
ACCEPTED: dict[str, str] = {}

#: Where findings are looked up, in this order.
SERVICES: tuple[tuple[str, ...], ...] = (("-s", "pypi"), ("-s", "osv"))

#: Seconds that a service has to answer.
TIMEOUT = 10

#: How pip-audit ends where a service is not there, is slow, is overloaded, or something on the way
#: (a proxy, a page to log in) answers in its place. The last is of `requests`; it catches few.
UNREACHABLE = ("ConnectionError", "ServiceError", "requests.exceptions.")


@dataclass(frozen=True)
class Audit:
    """What a service said.

    Parameters
    ----------
    audited : int
        Packages that it knows.
    skipped : tuple of str
        Packages that it does not know.
    findings : tuple of str
        One line each.
    """

    audited: int
    skipped: tuple[str, ...]
    findings: tuple[str, ...]


def audit(lock: Path, service: Sequence[str]) -> Audit | None:
    """Ask a service about the packages of a lock file."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), *service]
    command += ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    command += ["--timeout", str(TIMEOUT)]
    for accepted in ACCEPTED:
        command += ["--ignore-vuln", accepted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No module named" in done.stderr:
        raise MeasurementError("pip-audit is not installed; run make setup")
    if not done.stdout.strip():
        if any(name in done.stderr for name in UNREACHABLE):
            return None
        raise MeasurementError(f"pip-audit failed:\n{done.stderr.strip()}")
    found = _read(json.loads(done.stdout)["dependencies"])
    return found if found.audited else None


def _read(dependencies: Sequence[dict[str, Any]]) -> Audit:
    known = [one for one in dependencies if "skip_reason" not in one]
    findings = [
        f"{one['name']} {one['version']}: {finding['id']}, corrected in "
        f"{', '.join(finding['fix_versions']) or 'no version yet'}"
        for one in known
        for finding in one["vulns"]
    ]
    skipped = [one["name"] for one in dependencies if "skip_reason" in one]
    return Audit(len(known), tuple(skipped), tuple(findings))


@click.command()
@click.option(
    "--lock", type=click.Path(path_type=Path), default=ROOT / "requirements-dev.lock", hidden=True
)
@click.option("--osv-url", help="Another address of OSV, and OSV alone.")
def main(lock: Path, osv_url: str | None) -> None:
    """Fail if a locked package has a known vulnerability."""
    services = (("-s", "osv", "--osv-url", osv_url),) if osv_url else SERVICES
    for service in services:
        found = audit(lock, service)
        if found is None:
            continue
        click.echo(
            f"{found.audited} packages audited, {len(found.findings)} known vulnerabilities, "
            f"{len(ACCEPTED)} accepted"
        )
        if found.skipped:
            click.echo(f"Not known there, not audited: {', '.join(found.skipped)}")
        for line in found.findings:
            click.echo(line)
        if found.findings:
            click.echo(
                "Raise the version in pyproject.toml and run make lock; or, where it does not "
                "concern this project, say why in ACCEPTED of tools/audit.py"
            )
        sys.exit(1 if found.findings else 0)
    click.echo("Packages NOT audited: neither PyPI's nor OSV's data can be reached from here")


if __name__ == "__main__":
    main()
