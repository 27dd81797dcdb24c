"""Bytes of an engine's answers, counted where they arrive: bodies alone, without headers.

Neither client asks for compressed answers, so a body is as long on its way as it is when read.
"""

import threading
from typing import Any

from elastic_transport import Urllib3HttpNode
from opensearchpy import Urllib3HttpConnection

_OF_THREAD = threading.local()


def received_bytes() -> int:
    """Bytes of all answers that this thread has received so far.

    Both clients receive an answer in the thread that asks for it, so what one request brings is the
    difference of before and after, whatever other threads do meanwhile.
    """
    return int(getattr(_OF_THREAD, "count", 0))


def _count(size: int) -> None:
    _OF_THREAD.count = received_bytes() + size


class CountingNode(Urllib3HttpNode):
    """A connection of Elasticsearch's client that counts what it receives."""

    def perform_request(self, *arguments: Any, **options: Any) -> Any:
        """Perform a request; see :class:`elastic_transport.Urllib3HttpNode`."""
        response = super().perform_request(*arguments, **options)
        _count(len(response.body))
        return response


class CountingConnection(Urllib3HttpConnection):
    """A connection of OpenSearch's client that counts what it receives; errors are not counted."""

    def perform_request(self, *arguments: Any, **options: Any) -> Any:
        """Perform a request; see :class:`opensearchpy.Urllib3HttpConnection`."""
        status, headers, body = super().perform_request(*arguments, **options)
        # Decoded there in this way; most are ASCII, as long as they were.
        _count(len(body) if body.isascii() else len(body.encode("utf-8", "surrogatepass")))
        return status, headers, body
