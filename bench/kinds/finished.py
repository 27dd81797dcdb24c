"""A run that is finished is not run again: said, after a look whether it is what is asked for."""

import os
from collections.abc import Mapping

from rich.console import Console

from bench.engine.identity import check_measured_on
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder
from bench.signing.dataset import changed


def take_finished(
    folder: RunFolder,
    tiles: list[int] | None,
    console: Console,
    env: Mapping[str, str] = os.environ,
) -> None:
    """Say that a finished run is taken as it is, and how to run it again."""
    manifest = folder.manifest()
    if manifest["engine"]:
        check_measured_on(folder, manifest["engine"], env)
    if difference := changed(manifest["dataset"], tiles):
        raise RunError(
            f"the run in {folder.path} is finished, and {difference}. Delete {folder.path} to "
            "measure them as they are now, or name another folder with --results; "
            f"`imgsig-bench report {folder.path}` shows what was measured"
        )
    console.print(
        f"This run was finished at {manifest['finished']} and is not run again, its results are "
        f"shown; delete {folder.path} to run it again.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
