"""Small configs of the kinds of runs that are not experiments."""

from pathlib import Path
from types import MappingProxyType

from tests.faults.small_run import filled

# Every synthetic document has the shape of a real one, so of so few some have the same shape: they
# are alike far more often than pictures are, and no run of consequence would take that.
_SCALE = """\
version: 1
kind: scale
name: {prefix}-scale
pictures: {{collection: "folder:{pictures}", tiles: [48]}}
variants:
  - {{name: {prefix}_scale, codec: {{id: none}}}}
sizes: [100, 140, 180, 220, 260]
synthetic: {{pairs_factor: 100}}
projection: {{documents: [1000000]}}
engine: {{name: {engine}, version: {version}, heap: 512m}}
"""
_SWEEP = """\
version: 1
kind: sweep
name: {prefix}-sweep
dataset:
  collection: folder:{pictures}
  documents: 100
  tiles: [64]
  queries: 24
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10]
always: [{{N: 16, k: 16}}]
grid:
  - {{N: [8, 40], k: [4, 20], alphabet: [ternary, quinary], spacing: [even, disjoint]}}
live:
  samples: [{{layout: tagged_long, schemes: 6}}, {{layout: dynamic, schemes: 1}}]
search: {{size: 10}}
evaluation: {{resamples: 100}}
engine: {{name: {engine}, version: {version}, heap: 512m}}
"""

#: Config by kind, and a pattern of the names of its indices.
KINDS = MappingProxyType(
    {
        "scale": (_SCALE, "{prefix}_scale*"),
        "sweep": (_SWEEP, "n*k*"),
    }
)


def write_small_kind(folder: Path, kind: str, prefix: str) -> tuple[Path, str]:
    """Make pictures and a config of a kind of run."""
    text, indices = KINDS[kind]
    config = filled(text, folder, prefix)
    path = folder / f"{kind}.yaml"
    path.write_text(config, encoding="utf-8")
    return path, indices.format(prefix=prefix)
