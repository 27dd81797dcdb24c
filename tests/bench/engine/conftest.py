"""Folders of engines."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that everybody may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="imgsig engine ") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def small_home(tmp_path: Path) -> Path:
    """What of a server's home its configuration is made from."""
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    (config / "jvm.options").write_text(
        "-XX:+UseG1GC\n20-:--add-modules=jdk.incubator.vector\n"
        "-XX:+HeapDumpOnOutOfMemoryError\n-XX:HeapDumpPath=data\n"
        "-XX:ErrorFile=logs/hs_err_pid%p.log\n-Xlog:gc*:file=logs/gc.log\n"
    )
    (config / "log4j2.properties").write_text("status = error\n")
    return config.parent
