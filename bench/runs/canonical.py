"""The one written form of a configuration, and the short hash that stands for it."""

import hashlib
import json
from typing import Any


def canonical_json(config: Any) -> str:
    """JSON with sorted keys and no spaces: equal configurations give equal text.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(
        config, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def short_hash(config: Any, length: int = 8) -> str:
    """First hexadecimal digits of the SHA-256 of the canonical form.

    Examples
    --------
    >>> short_hash({"k": 16})
    '87a31054'
    """
    return hashlib.sha256(canonical_json(config).encode()).hexdigest()[:length]
