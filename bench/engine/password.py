"""The password of an embedded engine: random, and in a file that only its user reads.

Loopback keeps other machines out, and nobody who has an account on this one. Elasticsearch reads
users from files in its ``config`` folder (`file realm
<https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/file-based>`_).
The embedded OpenSearch has no security: the plugin with it is not in its distribution.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from imgsig.output_file import replaced

#: The one user of an embedded engine; may do everything.
USER = "imgsig-bench"
OWN_ROLE: Final = {USER: "superuser"}
#: In the engine's folder, or in that of its first node.
FILE = "password"
#: Of PBKDF2. A random password of 256 bits needs no stretching; this is the least that is taken.
_ITERATIONS = 1000


def read_password(file: Path) -> str | None:
    """The password in a file; None where there is none, or it is another user's."""
    try:
        return file.read_text(encoding="ascii").strip() or None
    except OSError:
        return None


def ensure_password(folder: Path) -> str:
    """Make a password for the engine of a folder, or read the one it has."""
    if (known := read_password(folder / FILE)) is not None:
        return known
    return write_password(folder, secrets.token_urlsafe(32))


def write_password(folder: Path, password: str) -> str:
    """Keep a password in an engine's folder, for its user's eyes; the password."""
    with replaced(folder / FILE) as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(password.encode("ascii") + b"\n")
    return password


def write_users(config: Path, password: str, roles: Mapping[str, str] = OWN_ROLE) -> None:
    """Write the files of users and their roles, by user, into a ``config`` folder."""
    salt = secrets.token_bytes(32)
    derived = hashlib.pbkdf2_hmac("sha512", password.encode("ascii"), salt, _ITERATIONS, 32)
    said = "$".join(
        [str(_ITERATIONS), *(base64.b64encode(part).decode() for part in (salt, derived))]
    )
    for name, lines in (
        ("users", [f"{user}:{{PBKDF2}}{said}" for user in roles]),
        ("users_roles", [f"{role}:{user}" for user, role in roles.items()]),
    ):
        path = config / name
        path.touch(mode=0o600)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
