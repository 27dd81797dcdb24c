"""The canonical form of every config that comes with the harness, and so the key of its runs."""

from pathlib import Path

from bench.kinds.registry import kind_of

CONFIGS = Path(__file__).parents[2] / "bench" / "configs"


def test_every_config_keeps_its_canonical_form_and_key(expected):
    found = {}
    for path in sorted(CONFIGS.rglob("*.yaml")):
        config = kind_of(path).load(path)
        found[path.stem] = {"key": config.key, "canonical": config.canonical()}
    assert len(found) > 5
    expected("configs", found)
