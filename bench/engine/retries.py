"""Which requests may be sent twice, whichever client sends them."""

import re

#: Times a request that changes nothing is repeated after a lost connection.
RETRIES = 3
_SAFE_POST = re.compile(r"/(_search|_msearch|_mget|_count)(\?|$)")


def is_safe(method: str, target: str) -> bool:
    """Say whether a request changes nothing.

    >>> is_safe("POST", "/tester/_search?size=10"), is_safe("POST", "/tester/_doc")
    (True, False)
    """
    return method in ("GET", "HEAD") or (method == "POST" and bool(_SAFE_POST.search(target)))
