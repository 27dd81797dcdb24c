"""What was signed of a photograph, kept in the user's cache folder for later runs.

An entry holds the documents, or the queries, of one photograph. Its key holds all that decides
them: the content of the file, the tiles, the edits and their seeds, the signature's configuration,
and the code and libraries that compute it (`signing_code`). So whatever runs next, with other
variants, other reports or in another folder, signs only what was never signed. An entry carries a
hash of itself and of its key; one that is damaged, or lies in another's place, is signed again.
"""

import contextlib
import hashlib
import io
import os
import platform
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import features

from bench.runs.config_file import canonical_json
from bench.runs.environment import ROOT
from bench.runs.errors import MeasurementError
from bench.signing.photograph import Result, SigningJob, sign_photograph
from datasets import Original
from datasets.cache import cache_dir, remove_abandoned, write_entry
from datasets.collection import PictureFiles
from datasets.queries import Label, Query
from imgsig import SignatureConfig

#: Packages that decode, edit and sign; Pillow's own libraries are asked for by Pillow.
PACKAGES = ("numpy", "pillow")

#: Sources that decide a signature. Those of ``imgsig`` are taken whole, but for `LATER`.
SOURCES = (
    "imgsig/**/*.py",
    "datasets/collection.py",
    "datasets/texture.py",
    "datasets/transforms/**/*.py",
    "bench/signing/photograph.py",
)

#: Folders of ``imgsig`` that no signature depends on: its command line, and how an index keeps it.
LATER = ("cli", "compat", "index", "layouts")


@cache
def signing_code() -> str:
    """SHA-256 over the sources that sign and edit, and the versions of what they call."""
    files: dict[str, str] = {}
    for pattern in SOURCES:
        found = list(ROOT.glob(pattern))
        if not found:
            raise MeasurementError(
                f"no source matches {pattern!r}, one of SOURCES in bench/signing/cache.py; name "
                "the files that sign, or signatures of other code would be taken from the cache"
            )
        files |= {
            file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in found
            if not any(file.is_relative_to(ROOT / "imgsig" / folder) for folder in LATER)
        }
    versions = {package: version(package) for package in PACKAGES}
    decoders = {name: features.version(name) for name in features.get_supported()}
    form = canonical_json([files, versions, decoders, platform.machine()])
    return hashlib.sha256(form.encode()).hexdigest()


#: Bytes that entries may take; what was not used for longest is removed. A signature of the default
#: configuration takes about 200.
MAX_BYTES = 2 * 2**30

#: Folder and name of an entry, joined.
_ENTRY = re.compile(r"[0-9a-f]{64}")

_SEAL = hashlib.sha256().digest_size


@dataclass(frozen=True)
class PhotographCache:
    """Entries of one version of the code; can be sent to another process."""

    folder: Path  # where they lie, for all versions of the code
    code: str  # digest of what computes signatures

    @classmethod
    def of_user(cls) -> "PhotographCache":
        """The cache of this user and of the code that runs; the folder is private."""
        folder = cache_dir() / "signatures"
        folder.mkdir(mode=0o700, exist_ok=True)
        return cls(folder, signing_code())

    def sign(
        self, pictures: PictureFiles, job: SigningJob, config: SignatureConfig
    ) -> tuple[list[Result], list[Result]]:
        """Sign what is needed of a photograph, as far as it was not signed before."""
        try:
            data = pictures.read_bytes(job.photo)
        except OSError:  # that says nothing about the content: never kept
            return sign_photograph(pictures, job, config)
        held = _Held(data)
        content = [hashlib.sha256(data).hexdigest(), config.get_config(), self.code]
        of_documents = self._key([*content, [_document(original) for _, original in job.documents]])
        of_queries = self._key([*content, [_edit(*query) for query in job.queries]])
        documents = self._recall(of_documents, [row for row, _ in job.documents], config.length)
        queries = self._recall(of_queries, [one.number for one, _ in job.queries], config.length)
        missing = replace(
            job,
            documents=job.documents if documents is None else (),
            queries=job.queries if queries is None else (),
        )
        if missing.documents or missing.queries:
            signed = sign_photograph(held, missing, config)
            if documents is None:
                documents = self._keep(of_documents, signed[0], config.length)
            if queries is None:
                queries = self._keep(of_queries, signed[1], config.length)
        return documents or [], queries or []

    def prune(self, max_bytes: int = MAX_BYTES) -> None:
        """Remove what was not used for longest, until the entries take no more than `max_bytes`."""
        remove_abandoned(self.folder)
        entries = []
        for path in self.folder.glob("*/*"):
            if not _ENTRY.fullmatch(f"{path.parent.name}{path.name}") or path.parent.is_symlink():
                continue  # nothing of ours
            with contextlib.suppress(OSError):  # another run prunes too
                found = path.lstat()
                entries.append((found.st_mtime_ns, found.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= max_bytes:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size

    def _key(self, decides: list[Any]) -> str:
        return hashlib.sha256(canonical_json(decides).encode()).hexdigest()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _recall(self, key: str, rows: list[int], length: int) -> list[Result] | None:
        if not rows:
            return []
        path = self._path(key)
        try:
            stored = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        seal, body = stored[:_SEAL], stored[_SEAL:]
        if seal != _seal(key, body):
            return None
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            signatures, reasons = arrays["signatures"], arrays["reasons"].tolist()
            textures = arrays["textures"].tolist()
        if signatures.shape != (len(rows), length) or len(reasons) != len(rows):
            return None
        return [
            (row, None if reason else signature, reason, texture)
            for row, signature, reason, texture in zip(
                rows, signatures, reasons, textures, strict=True
            )
        ]

    def _keep(self, key: str, results: list[Result], length: int) -> list[Result]:
        """Write an entry. A cache that cannot be written costs time, never a result."""
        empty = np.zeros(length, dtype=np.int8)
        body = io.BytesIO()
        np.savez_compressed(
            body,
            signatures=np.array([empty if one is None else one for _, one, _, _ in results]),
            reasons=np.array([reason for _, _, reason, _ in results], dtype=np.str_),
            textures=np.array([texture for *_, texture in results], dtype=np.float64),
        )
        with contextlib.suppress(OSError):
            write_entry(self._path(key), _seal(key, body.getvalue()) + body.getvalue())
        return results


class _Held(PictureFiles):
    """The one file that is signed, read before."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read_bytes(self, photo_id: str) -> bytes:
        del photo_id
        return self._data


def _document(original: Original) -> Any:
    if original.edit is None:
        return original.box
    return [original.edit.transform.get_config(), original.edit.seed, original.box]


def _edit(query: Query, original: Original) -> list[Any]:
    if isinstance(query.transform, Label):
        return ["as stored"]
    return [query.transform.get_config(), query.seed, original.box]


def _seal(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + body).digest()
