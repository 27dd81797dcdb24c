"""What the published library needs, and how large that is."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

import imgsig

#: What it needs, by the names of the packages and of their modules.
NEEDED = {"numpy": "numpy", "pillow": "PIL", "click": "click", "rich": "rich"}

#: What is used where it is installed; a message says how to install it where it is not.
OPTIONAL = {"tifffile", "zstandard", "brotli", "distributed", "dask", "pyarrow"}
#: Of the clients, which an extra each brings along.
OPTIONAL |= {"elasticsearch", "opensearchpy", "certifi"}

#: Bytes on the disk, compiled files aside.
LIMIT = 100e6


PACKAGE = Path(imgsig.__file__).parent


def names(requirements: list[str] | None) -> set[str]:
    """Packages among requirements, without those of extras or of other systems."""
    always = [line for line in requirements or () if ";" not in line]
    return {re.split(r"[^A-Za-z0-9._-]", line)[0].lower() for line in always}


def size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file() and file.suffix != ".pyc")


def test_it_needs_four_packages():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert names(project["project"]["dependencies"]) == set(NEEDED)


def test_it_imports_no_other():
    imported = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    others = imported - sys.stdlib_module_names - {"imgsig"}
    assert set(NEEDED.values()) <= others <= {*NEEDED.values(), *OPTIONAL}


def test_all_of_it_is_smaller_than_the_limit():
    found, total = sorted(NEEDED), size(PACKAGE.rglob("*"))
    for package in found:  # which grows meanwhile
        installed = distribution(package)
        found += sorted(names(installed.requires) - set(found))
        total += size(Path(installed.locate_file(file)) for file in installed.files or ())
    assert "pygments" in found  # of rich
    assert 50e6 < total < LIMIT
