"""Drawing a committed run again changes none of its files, wherever that is done."""

import shutil
from pathlib import Path

import pytest

from bench.kinds.registry import kind_of_run
from bench.kinds.run import write_report
from bench.report.gallery import PICTURES
from bench.report.gallery import page as gallery_page
from bench.runs.folder import RunFolder

RESULTS = Path(__file__).parents[3] / "results"
RUNS = sorted(path.parent.name for path in RESULTS.glob("reference*/report.html"))
#: The run whose figures are drawn as well; those of a scale run are in `test_scale_page`.
DRAWN = {"reference"}
#: What git ignores: photographs stay on the machine.
IGNORED = {PICTURES, f"{gallery_page.NAME}.html"}


def as_committed(folder: RunFolder, drawings) -> dict[str, bytes]:
    return {name: (folder.path / "figures" / f"{name}.svg").read_bytes() for name in drawings}


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".parquet" and path.name not in IGNORED
    }


def test_every_committed_run_with_a_page_is_here():
    assert len(RUNS) == 6


@pytest.mark.parametrize("name", RUNS)
def test_a_committed_run_is_drawn_again_byte_for_byte(name, tmp_path, monkeypatch):
    shutil.copytree(RESULTS / name, tmp_path / name, copy_function=link_tables)
    if name not in DRAWN:
        monkeypatch.setattr("bench.kinds.run.write_figures", as_committed)
    folder = RunFolder(tmp_path / name)
    write_report(kind_of_run(folder), folder, folder.manifest())
    before, after = files(RESULTS / name), files(folder.path)
    assert [file for file in after if after[file] != before.get(file)] == []
    assert after.keys() == before.keys()


def link_tables(source: str, target: str) -> str:
    """Tables are only read, and large."""
    if source.endswith(".parquet"):
        Path(target).symlink_to(source)
        return target
    return str(shutil.copy2(source, target))
