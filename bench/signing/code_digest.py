"""What computes a signature of the bench: the sources and the libraries, as one digest."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version

from PIL import features

from bench.runs.config_file import canonical_json
from bench.runs.environment import ROOT

#: Packages that decode, edit and sign; Pillow's own libraries are asked for by Pillow.
PACKAGES = ("numpy", "pillow")

#: Sources that decide a signature. Those of ``imgsig`` are taken whole, but for `LATER`.
SOURCES = (
    "imgsig/**/*.py",
    "datasets/collection.py",
    "datasets/transforms/**/*.py",
    "bench/signing/photograph.py",
)

#: Folders of ``imgsig`` that no signature depends on: its command line, and how an index keeps it.
LATER = ("cli", "layouts")


@cache
def signing_code() -> str:
    """SHA-256 over the sources that sign and edit, and the versions of what they call."""
    files = {
        file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for pattern in SOURCES
        for file in ROOT.glob(pattern)
        if not any(file.is_relative_to(ROOT / "imgsig" / folder) for folder in LATER)
    }
    versions = {package: version(package) for package in PACKAGES}
    decoders = {name: features.version(name) for name in features.get_supported()}
    form = canonical_json([files, versions, decoders, platform.machine()])
    return hashlib.sha256(form.encode()).hexdigest()
