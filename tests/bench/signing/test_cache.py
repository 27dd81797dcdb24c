"""What was signed before is not signed again, and nothing false is believed."""

import io
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng
from PIL import Image

from bench.runs.environment import ROOT
from bench.runs.errors import MeasurementError
from bench.signing import cache as module
from bench.signing.cache import SOURCES, PhotographCache, signing_code
from bench.signing.photograph import SigningJob, sign_photograph
from datasets.collection import Original, PictureFiles
from datasets.queries import Label, Query
from datasets.transforms import get_transform
from imgsig import SignatureConfig

CONFIG = SignatureConfig()


class Made(PictureFiles):
    """One picture file, which may be replaced, or not be readable."""

    def __init__(self, seed: int = 0) -> None:
        stored = io.BytesIO()
        pixels = default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(stored, "PNG")
        self.data = stored.getvalue()
        self.closed = False

    def read_bytes(self, photo_id: str) -> bytes:
        if self.closed:
            raise PermissionError(13, "Permission denied", photo_id)
        return self.data


def query(number: int, transform: str | None, seed: int = 5) -> Query:
    edit = Label("strong", "strong") if transform is None else get_transform(transform)
    return Query(number, 0, edit, seed=seed, in_database=True, half="tune")


WHOLE, TILE = Original("a", "a", "g"), Original("t", "a", "g", (10, 0, 60, 50))
JOB = SigningJob(
    "a",
    ((3, WHOLE), (4, TILE)),
    ((query(0, None), WHOLE), (query(1, "noise-0.05"), TILE)),
)


@pytest.fixture
def cache(tmp_path):
    return PhotographCache(tmp_path, "code")


@pytest.fixture
def signed(monkeypatch):
    """The jobs that were really signed."""
    jobs = []

    def told(pictures, job, config):
        jobs.append(job)
        return sign_photograph(pictures, job, config)

    monkeypatch.setattr(module, "sign_photograph", told)
    return jobs


def assert_same(results, expected):
    for found, right in zip(results, expected, strict=True):
        assert [(row, reason) for row, _, reason, _ in found] == [
            (row, reason) for row, _, reason, _ in right
        ]
        for (_, signature, _, texture), (_, wanted, _, wanted_texture) in zip(
            found, right, strict=True
        ):
            assert texture == wanted_texture > 0

            np.testing.assert_array_equal(signature, wanted)


def entries(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_second_time_nothing_is_signed(cache, signed):
    expected = sign_photograph(Made(), JOB, CONFIG)
    assert_same(cache.sign(Made(), JOB, CONFIG), expected)
    assert_same(cache.sign(Made(), JOB, CONFIG), expected)
    assert signed == [JOB]


def test_rows_may_have_other_numbers(cache, signed):
    cache.sign(Made(), JOB, CONFIG)
    moved = SigningJob(
        "b",
        ((8, WHOLE), (9, TILE)),
        tuple((replace(one, number=one.number + 50), of) for one, of in JOB.queries),
    )
    assert_same(cache.sign(Made(), moved, CONFIG), sign_photograph(Made(), moved, CONFIG))
    assert len(signed) == 1


def test_other_queries_leave_the_documents(cache, signed):
    cache.sign(Made(), JOB, CONFIG)
    other = replace(JOB, queries=((query(0, "blur-2"), TILE),))
    assert_same(cache.sign(Made(), other, CONFIG), sign_photograph(Made(), other, CONFIG))
    assert [(len(job.documents), len(job.queries)) for job in signed] == [(2, 2), (0, 1)]


@pytest.mark.parametrize("what", ["picture", "config", "decode", "seed", "strength", "box", "code"])
def test_whatever_decides_the_result_is_in_the_key(cache, signed, what):
    cache.sign(Made(), JOB, CONFIG)
    pictures, job, config = Made(), JOB, CONFIG
    if what == "picture":
        pictures = Made(seed=1)
    elif what == "config":
        config = SignatureConfig(n=7)
    elif what == "decode":
        config = SignatureConfig(decode="fast")
    elif what == "seed":
        job = replace(JOB, queries=(JOB.queries[0], (query(1, "noise-0.05", seed=6), TILE)))
    elif what == "strength":
        job = replace(JOB, queries=(JOB.queries[0], (query(1, "noise-0.06"), TILE)))
    elif what == "box":
        moved = replace(TILE, box=(11, 0, 61, 50))
        job = replace(JOB, documents=(JOB.documents[0], (4, moved)))
    else:
        cache = PhotographCache(cache.folder, "other code")
    assert_same(cache.sign(pictures, job, config), sign_photograph(pictures, job, config))
    assert len(signed) == 2


@pytest.mark.parametrize("damage", ["bit", "short", "empty", "swapped"])
def test_a_tampered_entry_is_signed_again(cache, signed, damage):
    cache.sign(Made(), JOB, CONFIG)
    paths = entries(cache.folder)
    assert len(paths) == 2
    whole = [path.read_bytes() for path in paths]
    if damage == "swapped":  # both are true, of something else
        paths[0].write_bytes(whole[1])
        paths[1].write_bytes(whole[0])
    else:
        for path, data in zip(paths, whole, strict=True):
            flipped = bytes([data[-30] ^ 4])
            path.write_bytes(
                {"bit": data[:-30] + flipped + data[-29:], "short": data[:-1], "empty": b""}[damage]
            )
    assert_same(cache.sign(Made(), JOB, CONFIG), sign_photograph(Made(), JOB, CONFIG))
    assert signed == [JOB, JOB]
    assert [path.read_bytes() for path in entries(cache.folder)] == whole


def test_a_damaged_picture_is_remembered_and_one_that_cannot_be_read_is_not(cache, signed):
    job = SigningJob("a", ((0, WHOLE),), ())
    damaged = Made()
    damaged.data = damaged.data[:200]
    for _ in range(2):
        (((row, signature, reason, _),), _) = cache.sign(damaged, job, CONFIG)
        assert (row, signature) == (0, None)
        assert "cannot be decoded" in reason
    assert len(signed) == 1
    damaged.closed = True
    (((_, signature, reason, _),), _) = cache.sign(damaged, job, CONFIG)
    assert (signature, reason) == (None, "the file cannot be read: Permission denied")
    assert len(entries(cache.folder)) == 1


def test_a_cache_that_cannot_be_written_costs_no_result(tmp_path):
    no_folder = tmp_path / "file"
    no_folder.touch()
    cache = PhotographCache(no_folder, "code")
    assert_same(cache.sign(Made(), JOB, CONFIG), sign_photograph(Made(), JOB, CONFIG))


def test_what_was_not_used_for_longest_is_removed(cache):
    made = [Made(seed) for seed in range(3)]
    job = SigningJob("a", ((0, WHOLE),), ())
    written = []
    for age, pictures in enumerate(made):
        cache.sign(pictures, job, CONFIG)
        (new,) = set(entries(cache.folder)) - set(written)
        os.utime(new, (1000 + age, 1000 + age))
        written.append(new)
    cache.sign(made[0], job, CONFIG)  # used just now
    cache.prune(max_bytes=sum(path.stat().st_size for path in (written[0], written[2])))
    assert entries(cache.folder) == sorted([written[0], written[2]])
    cache.prune()
    assert len(entries(cache.folder)) == 2


def test_what_is_no_entry_of_ours_is_never_removed(cache, tmp_path):
    cache.sign(Made(), SigningJob("a", ((0, WHOLE),), ()), CONFIG)
    (entry,) = entries(cache.folder)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / entry.name).write_bytes(b"years of work")
    (cache.folder / "ff").symlink_to(foreign)
    (cache.folder / "mine").mkdir()
    (cache.folder / "mine" / "thesis.txt").write_bytes(b"years of work")
    cache.prune(max_bytes=0)
    assert not entry.exists()
    assert (foreign / entry.name).is_file()
    assert (cache.folder / "mine" / "thesis.txt").is_file()


def test_the_users_cache_is_private(tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path))
    cache = PhotographCache.of_user()
    assert cache.folder == tmp_path / "signatures"
    assert cache.folder.stat().st_mode & 0o777 == 0o700


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the sources, and a function that gives their digest."""
    for pattern in SOURCES:
        for file in ROOT.glob(pattern):
            there = tmp_path / file.relative_to(ROOT)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, there)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path, signing_code.__wrapped__


def test_it_says_what_the_sources_are_and_not_where(copied):
    _, digest = copied
    assert digest() == signing_code()
    assert len(digest()) == 64


@pytest.mark.parametrize(
    "file", ["imgsig/differences.py", "datasets/transforms/files.py", "datasets/collection.py"]
)
def test_another_source_is_another_digest(copied, file):
    folder, digest = copied
    before = digest()
    with (folder / file).open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    assert digest() != before


@pytest.mark.parametrize("later", ["cli", "layouts"])
def test_what_comes_after_signing_decides_nothing(copied, later):
    folder, digest = copied
    before = digest()
    (folder / "imgsig" / later).mkdir(exist_ok=True)
    Path(folder / "imgsig" / later / "new.py").write_text("NEW = 1\n")
    assert digest() == before


def test_another_library_is_another_digest(copied, monkeypatch):
    _, digest = copied
    before = digest()
    monkeypatch.setattr(module, "version", lambda package: f"{package} 0")
    assert digest() != before


def test_a_pattern_that_matches_nothing_is_an_error(monkeypatch):
    monkeypatch.setattr(module, "SOURCES", (*SOURCES, "imgsig/moved/*.py"))
    with pytest.raises(MeasurementError, match=r"no source matches 'imgsig/moved/\*\.py'"):
        signing_code.__wrapped__()
