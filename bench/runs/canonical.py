"""The one written form of a configuration, and the short hash that stands for it."""

import hashlib
import json
from typing import Any


def canonical_json(config: Any) -> str:
    """JSON with sorted keys and no spaces: equal configurations give equal text.

    Parameters
    ----------
    config : JSON-able
        Mappings, sequences, strings, finite numbers, booleans, None.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a number is not finite.

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

    Parameters
    ----------
    config : JSON-able
        What is to be identified.
    length : int
        Number of digits; 8 tell thousands of variants apart with certainty for practical purposes.

    Returns
    -------
    str

    Examples
    --------
    >>> short_hash({"k": 16})
    '87a31054'
    """
    return hashlib.sha256(canonical_json(config).encode()).hexdigest()[:length]
