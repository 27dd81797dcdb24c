"""What a change of structure must not change: each oracle is a committed file of expected values.

``pytest tests/oracles --rewrite-oracles`` writes them anew. Do that only where a change is meant,
and say in the commit what it is.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXPECTED = Path(__file__).parent / "expected"


@pytest.fixture
def expected(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """A function that compares a JSON-ready value with the committed one of that name."""

    def compare(name: str, found: Any) -> None:
        path = EXPECTED / f"{name}.json"
        if request.config.getoption("--rewrite-oracles"):
            path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        assert json.loads(json.dumps(found)) == json.loads(path.read_text(encoding="utf-8"))

    return compare
