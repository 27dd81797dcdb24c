"""A small scale run, on the session's engine as if that were somebody's cluster."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.kinds.run import execute_run
from bench.runs.folder import RunFolder
from tests.shared import DISTRIBUTION

#: More than there are real documents.
LARGEST = 1_500

CONFIG = """\
version: 1
kind: scale
name: made-scale
pictures: {{collection: "folder:{folder}", tiles: [48]}}
variants:
  - {{name: made_scale, codec: {{id: none}}}}
{vectors}
sizes: [100, 200, 300, 400, {largest}]
queries: {{documents: 300, queries: 24, transforms: [jpeg-30, crop-10]}}
cost:
  queries: 24
  axis_queries: 10
  clients: [2]
  minimum_should_match: []
  fetch: [id]
  cold: 2
  without_second_key: true
  while_indexing: true
  indexing: {{documents: 50}}
  sizes: [{largest}]
  resamples: 100
quality:
  {{size: 20, live: 20, num_candidates: [20, 40], filtered_shares: [0.2], resamples: 100{words}}}
tail: {{pairs: 50}}
synthetic: {{seen: 3000, words_tolerance: 0.9, pairs_factor: 5, bytes_tolerance: 0.2}}
projection: {{documents: [1000000, 100000000]}}
reported: {{without_signature: made_scale}}
"""


#: Where the engine has vectors of bits.
VECTORS = """\
  - {name: made_bits, codec: {id: none}, layout: vector_sign_flat}
  - {name: made_graph, codec: {id: none}, layout: vector_sign_hnsw}
  - {name: made_both, codec: {id: none}, layout: vector_sign_flat_keyword}
"""
WORDS = ", filtering_words: [1, 3]"


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
        has_bits = DISTRIBUTION.engine == "elasticsearch"
        vectors, words = (VECTORS, WORDS) if has_bits else ("", "")
        config = folder / "scale.yaml"
        config.write_text(
            CONFIG.format(folder=folder / "pictures", largest=LARGEST, vectors=vectors, words=words)
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ES_URL", engine.url)
            run = execute_run(config, folder / "results", Console(file=StringIO()))
        return [str(run.path), str(config)]

    path, config = map(Path, shared.once("scale", run))
    return FinishedScale(RunFolder(path), config)
