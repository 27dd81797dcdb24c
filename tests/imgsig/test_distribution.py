"""What is published: the wheel and the source distribution, built, installed and used."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

import imgsig

ROOT = Path(imgsig.__file__).parents[1]
#: What a user does first, with the golden picture at hand.
USED = """
import sys
import imgsig
from imgsig.index import Identity
from imgsig.index.cutoffs import measured_cutoff
signature = imgsig.generate_signature(sys.argv[1])
found = measured_cutoff(Identity.from_config({"layout": "vector_sign_flat"}), 0.99, background=3)
print(imgsig.__file__, len(signature), found.arguments["rank"])
"""


def run(*command, **how):
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=False, **how
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    run("-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["*.whl", "*.tar.gz"])
def test_it_is_installed_from_and_used_without_the_clone(built, ending, tmp_path, golden_paths):
    (archive,) = built.glob(ending)
    site = tmp_path / "site"
    install = ("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-compile")
    run("-m", "pip", *install, "--disable-pip-version-check", "--target", site, archive)
    path, length, rank = run(
        "-c", USED, golden_paths[0], cwd=tmp_path, env={"PYTHONPATH": str(site)}
    ).split()
    assert Path(path) == site / "imgsig" / "__init__.py"
    assert (length, rank) == ("648", "margin")
    assert (site / "imgsig" / "py.typed").is_file()
    assert [each.name for each in (site / "bin").iterdir()] == ["imgsig"]
    assert not (site / "bench").exists()


@pytest.mark.slow
def test_an_index_of_packages_accepts_its_metadata(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = Metadata.from_email(archive.read(name), validate=True)
    assert str(metadata.version) == imgsig.__version__
    assert metadata.license_expression == "Apache-2.0"
    assert metadata.description_content_type == "text/markdown"
    assert {"numpy", "pillow", "click", "rich"} <= {one.name for one in metadata.requires_dist}
