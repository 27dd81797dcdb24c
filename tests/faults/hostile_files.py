"""Archives, configs and certificates that are not to be trusted."""

import contextlib
import io
import stat
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import trustme

from bench.engine import Engine, EngineError, open_engine
from bench.engine.distribution import unpack_zip
from bench.engine.errors import EngineUnreachableError, UnsafeArchiveError
from bench.runs.config_file import read_config
from bench.runs.errors import ExperimentError
from tests.faults.fault import Fault
from tests.faults.tls_front import tls_front
from tests.shared import reached_at

#: Members of archives that would land elsewhere or where another does, are something else than
#: files, or say that they are of three gigabytes.
HOSTILE_MEMBERS = (
    "../out",
    "top/../../out",
    "/tmp/out",  # noqa: S108 (a path within an archive)
    "top\\..\\..\\out",
    "other/file",
    "top/link",
    "top/device",
    "top/honest",
    "top/honest/file",
    "top/vast",
)
_KINDS = {"top/link": stat.S_IFLNK, "top/device": stat.S_IFCHR}


def hostile_archive(member: str) -> bytes:
    """A zip archive with one member that is meant to do harm."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("top/honest", b"")
        info = zipfile.ZipInfo(member)
        info.external_attr = (_KINDS.get(member, stat.S_IFREG) | 0o777) << 16
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the same name twice is meant
            archive.writestr(info, b"/etc/passwd")
    data = bytearray(buffer.getvalue())
    if member == "top/vast":
        size = data.rindex(b"PK\1\2") + 24  # in the directory: the size unpacked
        data[size : size + 4] = (3 * 10**9).to_bytes(4, "little")
    return bytes(data)


def archive_fault(member: str, folder: Path) -> Fault:
    """Unpack an archive that leads out of its folder."""
    archive = folder / "unpacked" / "a.zip"
    archive.parent.mkdir()
    archive.write_bytes(hostile_archive(member))
    within = archive.with_name("within")
    try:
        unpack_zip(archive, "top", within)
        happened = "it was unpacked"
    except UnsafeArchiveError as error:
        happened = str(error).partition(". ")[0]
    written = [path.name for path in folder.rglob("out")]
    return Fault(
        "security",
        f"an archive with the member {member!r}",
        "refused, nothing unpacked",
        happened,
        happened != "it was unpacked" and not written and not within.exists(),
    )


def config_fault(folder: Path) -> Fault:
    """Read a config that would run a program."""
    ran, config = folder / "ran", folder / "config.yaml"
    config.write_text(f"name: !!python/object/apply:os.system ['touch \"{ran}\"']\n")
    try:
        read_config(config)
        happened = "it was read"
    except ExperimentError as error:
        happened = str(error).replace(str(config), "config.yaml").partition("\n")[0]
    return Fault(
        "security",
        "a config with !!python/object/apply:os.system",
        "refused, nothing runs",
        happened,
        happened != "it was read" and not ran.exists(),
    )


def certificate_faults(engine: Engine, folder: Path) -> Iterator[Fault]:
    """Meet certificates of an authority that is unknown, known, or of another host."""
    authority = trustme.CA()
    known = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(known))
    for host, env, is_good in (
        ("127.0.0.1", {}, False),
        ("127.0.0.1", {"ES_CA_CERTS": str(known)}, True),
        ("es.example.org", {"ES_CA_CERTS": str(known)}, False),
    ):
        with tls_front(engine.url, authority, host) as (url, shown):
            settings = reached_at(url, engine) | env
            opened = _opened(partial(open_engine, folder, env=settings))
        yield Fault(
            "security",
            f"a certificate for {host}, its authority "
            + ("given in ES_CA_CERTS" if env else "unknown"),
            "accepted" if is_good else "refused before credentials are sent",
            opened + (", credentials were sent" if shown else ", no credentials were sent"),
            (opened == "accepted") == is_good == bool(shown),
        )
    with tls_front(engine.url, authority, "127.0.0.1") as (url, _):
        settings = reached_at(url, engine) | {"ES_VERIFY_CERTS": "false"}
        said = io.StringIO()
        with contextlib.redirect_stderr(said), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the client's own, beside ours
            opened = _opened(partial(open_engine, folder, env=settings))
    warned = "anyone on the way can read" in said.getvalue()
    yield Fault(
        "security",
        "certificates not verified, for ES_VERIFY_CERTS=false says so",
        "accepted, with a warning",
        opened + (", with a warning" if warned else ", without a warning"),
        opened == "accepted" and warned,
    )


def _opened(opening: Callable[[], Any]) -> str:
    try:
        with opening():
            return "accepted"
    except EngineUnreachableError as error:
        return "refused" if "not trusted" in str(error) else str(error)
    except EngineError as error:
        return str(error)
