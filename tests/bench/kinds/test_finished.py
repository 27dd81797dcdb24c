"""A run that is finished is shown for what it was measured on, and for nothing else."""

import io

import pytest
from PIL import Image
from rich.console import Console

from bench.kinds.finished import take_finished
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder, write_json
from datasets import open_collection


@pytest.fixture
def run(tmp_path) -> RunFolder:
    """Finished, of a folder of three pictures, on an engine of its own."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(3):
        Image.new("L", (20, 20), 50 * number).save(pictures / f"{number}.png")
    collection = open_collection(f"folder:{pictures}")
    folder = RunFolder(tmp_path / "run")
    manifest = {
        "format": 1,
        "finished": "2026-01-01T00:00:00+00:00",
        "engine": {"kind": "embedded", "elasticsearch": "8.18.0", "build_hash": "0"},
        "dataset": {
            "collection": collection.name,
            "photographs": 3,
            "sha256": collection.manifest()["sha256"],
        },
    }
    write_json(folder.path / "manifest.json", manifest)
    return folder


def taken(run: RunFolder, url: str = "") -> str:
    said = io.StringIO()
    take_finished(run, None, Console(file=said, width=500), {"ES_URL": url})
    return said.getvalue()


def test_it_says_that_it_is_not_run_again_and_how_to(run):
    said = taken(run)
    assert "finished at 2026-01-01T00:00:00+00:00 and is not run again" in said
    assert f"delete {run.path} to run it again" in said


def test_a_cluster_is_not_the_embedded_engine(run):
    with pytest.raises(RunError) as caught:
        taken(run, "http://127.0.0.1:1")
    for part in ("measured on embedded Elasticsearch 8.18.0", "--results", "imgsig-bench report"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "1.png").unlink(), r"\(3 then, 2 now\)"),
        (lambda folder: Image.new("L", (9, 9)).save(folder / "3.png"), r"\(3 then, 4 now\)"),
        (lambda folder: Image.new("L", (9, 9)).save(folder / "1.png"), "3 as then, but not the"),
        (lambda folder: (folder / "1.png").rename(folder / "7.png"), "3 as then, but not the"),
        (lambda folder: folder.rename(folder.parent / "moved"), "cannot be opened any more"),
    ],
)
def test_pictures_that_have_changed_are_not_shown_as_they_were(run, tmp_path, change, message):
    change(tmp_path / "pictures")
    with pytest.raises(RunError, match=message):
        taken(run)
