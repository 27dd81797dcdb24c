"""Every format that is read, of one frame and of many, through everything that decodes."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image, ImageCms
from rich.progress import Progress

from bench.cli import cli as bench_cli
from bench.kinds.experiment.config import Experiment
from bench.report.gallery.thumbnails import PICTURES, write_thumbnails
from bench.signing.sign import load_or_sign
from datasets import open_collection
from imgsig import generate_signature
from imgsig.cli import cli
from tests.faults.image_files import READ, files_of_many_frames, plain_picture, seed_files

#: Pixel types that Pillow writes to TIFF; big-endian 16 bits are a type of their own to it.
MODES = (
    "1",
    "L",
    "LA",
    "P",
    "PA",
    "I",
    "I;16",
    "I;16B",
    "F",
    "RGBX",
    "RGBA",
    "CMYK",
    "YCbCr",
    "LAB",
)


def _tiff(mode: str) -> bytes:
    grey = plain_picture().convert("L")
    if mode.startswith("I;16"):
        levels = np.asarray(grey).astype("<u2" if mode == "I;16" else ">u2") * 257
        picture = Image.frombytes(mode, grey.size, levels.tobytes())
    elif mode == "LAB":
        srgb, lab = (ImageCms.createProfile(space) for space in ("sRGB", "LAB"))
        picture = ImageCms.buildTransform(srgb, lab, "RGB", "LAB").apply(plain_picture())
    else:
        picture = (grey if mode in ("I", "F") else plain_picture()).convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("formats")
    one = {name: data for name, data in seed_files().items() if name in READ}
    kinds = {"one": one, "many": files_of_many_frames(), "tiff": {m: _tiff(m) for m in MODES}}
    for kind, files in kinds.items():
        for name, data in files.items():
            (root / f"{kind} {name.replace(';', '-')}").write_bytes(data)
    return root


@pytest.fixture(scope="module")
def signatures(folder):
    return {file.name: generate_signature(file) for file in folder.iterdir()}


def test_sign_and_signature_read_all_of_them(folder, signatures):
    done = CliRunner().invoke(cli, ["sign", str(folder), "--quiet", "--workers", "1"])
    assert done.exit_code == 0, done.stderr
    rows = {json.loads(line)["path"]: json.loads(line) for line in done.stdout.splitlines()}
    assert {row["outcome"] for row in rows.values()} == {"ok"}
    for name, expected in signatures.items():
        assert rows[str(folder / name)]["signature"] == expected.tolist(), name
        one = CliRunner().invoke(cli, ["signature", str(folder / name)])
        assert json.loads(one.stdout) == expected.tolist(), name


def test_a_pillow_image_of_each_has_the_signature_of_its_file(folder, signatures):
    for name, expected in signatures.items():
        with Image.open(folder / name) as picture:
            np.testing.assert_array_equal(generate_signature(picture), expected, err_msg=name)
            picture.load()
            np.testing.assert_array_equal(generate_signature(picture), expected, err_msg=name)


def test_datasets_reads_all_of_them(folder, signatures):
    done = CliRunner().invoke(bench_cli, ["datasets", f"folder:{folder}", "--json"])
    assert json.loads(done.stdout)["photographs"] == len(signatures)


@pytest.mark.slow
def test_a_run_signs_edits_and_shows_all_of_them(folder, signatures, tmp_path):
    dataset = {"collection": f"folder:{folder}", "documents": None, "queries": 4 * len(signatures)}
    experiment = Experiment.model_validate(
        {
            "name": "formats",
            "dataset": {**dataset, "no_match_share": 0, "transforms": "quick"},
            "variants": [{"name": "x", "codec": {"id": "none"}}],
        }
    )
    signed = load_or_sign(experiment.dataset, tmp_path, Progress(disable=True))
    assert signed.description["documents"] == len(signatures)
    assert signed.description["queries_failed"] == signed.description["documents_failed"] == 0
    assert set(signed.queries["photo"]) == set(signatures)
    for row in signed.documents.itertuples():
        np.testing.assert_array_equal(signed.database[row.doc], signatures[row.photo])
    gallery = pd.DataFrame({"query": signed.queries["query"]})
    gallery["doc"] = signed.queries["doc"]
    write_thumbnails(gallery, signed, experiment.dataset, tmp_path)
    small = pd.read_parquet(tmp_path / PICTURES)
    assert small["role"].value_counts().to_dict() == {
        "query": len(signed.queries),
        "doc": len(signatures),
    }


@pytest.mark.parametrize("name", list(files_of_many_frames()))
def test_the_first_frame_counts_whoever_reads_it(folder, signatures, name):
    """Of what is edited too: the same picture that the file's own signature is of."""
    pixels = np.asarray(open_collection(f"folder:{folder}").open(f"many {name}"))
    np.testing.assert_array_equal(signatures[f"many {name}"], generate_signature(pixels))
    first = plain_picture().resize(pixels.shape[1::-1])
    # GIF has 256 colours, the largest icon of a Mac is scaled up; the other frames are 60 off.
    assert np.abs(pixels.astype(float) - np.asarray(first)).mean() < 7


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "RGBX"])
def test_pixel_types_are_edited_as_what_they_are_of(folder, mode):
    picture = open_collection(f"folder:{folder}").open(f"tiff {mode.replace(';', '-')}")
    expected = plain_picture() if mode == "RGBX" else plain_picture().convert("L")
    np.testing.assert_array_equal(np.asarray(picture), np.asarray(expected))
