"""The canonical form of every config that comes with the harness, and so the key of its runs."""

from pathlib import Path

from bench.runs.config_file import read_config
from bench.verify.files import _LOADERS

CONFIGS = Path(__file__).parents[2] / "bench" / "configs"


def test_every_config_keeps_its_canonical_form_and_key(expected):
    found = {}
    for path in sorted(CONFIGS.glob("*.yaml")):
        config = _LOADERS[read_config(path).get("kind", "experiment")](path)
        found[path.stem] = {"key": config.key, "canonical": config.canonical()}
    assert len(found) > 5
    expected("configs", found)
