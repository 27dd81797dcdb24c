"""Whether pages and figures are those that the tables give: all are drawn again and compared."""

import hashlib
import io
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from PIL import Image

from bench.kinds.base import Kind
from bench.kinds.run import DRAWN, drawn_files, drawn_with, write_report
from bench.runs.check import Check, agree
from bench.runs.folder import RunFolder, read_json

_NAME = "pages and figures are those of the tables"


def check_pages(kind: Kind[Any], folder: RunFolder, manifest: Mapping[str, Any]) -> Check:
    """Draw everything again and compare the bytes of what is there.

    Figures that are not there are no fault: ``report`` draws them. Where other versions of the
    libraries drew the files, bytes may differ; then the files must be those that were written, and
    be whole.
    """
    with tempfile.TemporaryDirectory() as place:
        again = RunFolder(Path(place) / folder.path.name)
        _link_inputs(folder.path, again.path)
        write_report(kind, again, manifest)
        drawn = {name: (again.path / name).read_bytes() for name in drawn_files(again)}
    here = {name: (folder.path / name).read_bytes() for name in drawn_files(folder)}
    path = folder.path / DRAWN
    record = read_json(path) if path.is_file() else {"packages": {}, "files": {}}
    differing = [name for name in drawn if name in here and here[name] != drawn[name]]
    same_versions = record["packages"] == drawn_with()
    problems = [f"{name} is missing" for name in drawn if _is_page(name) and name not in here]
    problems += [f"{name} is no page or figure of this run" for name in here.keys() - drawn.keys()]
    for name in differing:
        if same_versions:
            problems.append(_difference(name, here[name], drawn[name]))
        else:
            problems += _faults(name, here[name], drawn[name], record["files"].get(name))
    found = f"{len(here) - len(differing)} files, byte for byte"
    if differing:
        found += f"; {len(differing)} by other versions of {', '.join(_changed(record))}, whole"
    if absent := len(drawn.keys() - here.keys()):
        found += f"; {absent} more are not here, `imgsig-bench report {folder.path}` draws them"
    return agree(_NAME, problems, found)


def _link_inputs(source: Path, target: Path) -> None:
    """Everything of a run but what is drawn: linked, not copied, for it is only read."""
    target.mkdir()
    made = {"figures", DRAWN, ".lock"}
    for path in source.iterdir():
        if path.name not in made and path.suffix != ".html":
            (target / path.name).symlink_to(path.resolve())


def _is_page(name: str) -> bool:
    return name.endswith(".html")


def _difference(name: str, stored: bytes, drawn: bytes) -> str:
    """Where two files differ first, with what stands there."""
    pairs = zip(stored, drawn, strict=False)
    first = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(stored), len(drawn)))
    if name.endswith(".png"):
        return f"{name} differs from what its tables give, first in byte {first:,}"
    old, new = (
        data[max(0, first - 20) : first + 30].decode(errors="replace") for data in (stored, drawn)
    )
    return (
        f"{name} differs from what its tables give, first in byte {first:,}: {old!r}, not {new!r}"
    )


def _faults(name: str, stored: bytes, drawn: bytes, digest: str | None) -> Iterator[str]:
    """What is wrong with a file that other versions drew."""
    if digest and hashlib.sha256(stored).hexdigest() != digest:
        yield f"{name} has another SHA-256 than in {DRAWN}: it was changed after it was drawn"
    elif name.endswith(".csv"):
        yield _difference(name, stored, drawn)  # no library draws it
    try:
        if name.endswith(".png"):
            sizes = [_size(data) for data in (stored, drawn)]
            if sizes[0] != sizes[1]:
                yield f"{name} has {sizes[0]} pixels, not {sizes[1]}"
        elif name.endswith(".svg"):
            ElementTree.fromstring(stored)  # noqa: S314 (a run's own file)
    except (OSError, SyntaxError) as error:
        yield f"{name} cannot be decoded: {error}"


def _size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture.size


def _changed(record: Mapping[str, Any]) -> list[str]:
    """The libraries whose versions differ: then, and now."""
    if not record["packages"]:
        return ["libraries that it does not name"]
    now = drawn_with()
    return [
        f"{name} ({record['packages'].get(name, 'none')} then, {version} now)"
        for name, version in now.items()
        if record["packages"].get(name) != version
    ]
