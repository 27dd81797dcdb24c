"""A small scale run, on the session's engine as if that were somebody's cluster."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.kinds.run import execute_run
from bench.runs.folder import RunFolder

#: More than there are real documents.
LARGEST = 1_500

CONFIG = """\
version: 1
kind: scale
name: made-scale
pictures: {{collection: "folder:{folder}", tiles: [48]}}
variants:
  - {{name: made_scale, codec: {{id: none}}}}
sizes: [100, 200, 300, 400, {largest}]
synthetic: {{seen: 3000, words_tolerance: 0.9, bytes_tolerance: 0.2}}
projection: {{documents: [1000000, 100000000]}}
reported: {{without_signature: made_scale}}
"""


@dataclass(frozen=True)
class FinishedScale:
    """A run and its config."""

    folder: RunFolder
    config: Path


@pytest.fixture(scope="session")
def finished_scale(engine, shared, made_experiment) -> FinishedScale:
    """Five sizes, of which the largest needs synthetic documents; run once, and only read."""

    def run(folder: Path) -> list[str]:
        made_experiment(folder, "unused")
        config = folder / "scale.yaml"
        config.write_text(CONFIG.format(folder=folder / "pictures", largest=LARGEST))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ES_URL", engine.url)
            run = execute_run(config, folder / "results", Console(file=StringIO()))
        return [str(run.path), str(config)]

    path, config = map(Path, shared.once("scale", run))
    return FinishedScale(RunFolder(path), config)
