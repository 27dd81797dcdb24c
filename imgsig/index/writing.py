"""Documents, and the bulk requests that write them."""

import secrets
import time
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from imgsig.cluster import ATTEMPTS, BLOCKED, BUSY, TRIPPED
from imgsig.errors import ConfigError, EngineError, ImageIndexError
from imgsig.index.identity import Identity
from imgsig.index.ports import (
    LostError,
    Operation,
    Pause,
    Response,
    UnsentError,
    ask,
    error_of,
)

#: Documents a bulk request and signatures encoded at a time.
CHUNK = 500
#: Times a request is sent whose connection gets lost: a server that has ended does not come back.
SENT_AT_MOST = 3
_CONFLICT, _TOO_LARGE = 409, 413


class Signed(NamedTuple):
    """A signature to add: with its path, and an id and metadata if wanted.

    Without an id it gets a new one; with that of a document that is there, it replaces it.
    """

    path: str | None
    signature: NDArray[np.int8]
    id: str | None = None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Added:
    """What became of one picture.

    Attributes
    ----------
    path : str or None
        As it was given.
    id : str or None
        Of the document in the index; None if it was not written.
    outcome : str
        ``ok``, one of `imgsig.sign_many.OUTCOMES` where the file could not be signed, or
        ``refused`` where the engine or the index's fields did not take the document.
    reason : str
        Why it was not written, in words; "" where it was.
    """

    path: str | None
    id: str | None
    outcome: str = "ok"
    reason: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether it was written."""
        return self.outcome == "ok"


def new_id() -> str:
    """An id that no other document has: 15 bytes, as engines make them, in the order of time.

    >>> len(new_id()), new_id()[:1].isalpha()
    (20, True)
    """
    milliseconds = time.time_ns() // 1_000_000
    return urlsafe_b64encode(milliseconds.to_bytes(6) + secrets.token_bytes(9)).decode()


def documents(
    identity: Identity, paths: Sequence[str | None], signatures: NDArray[np.int8]
) -> list[dict[str, Any]]:
    """What is sent for each picture, of ``int8[m, length]``; without a path where that is None."""
    layout = identity.layout
    made = layout.documents(
        identity.words, identity.codec, [path or "" for path in paths], signatures
    )
    for document, path in zip(made, paths, strict=True):
        if path is None:
            del document[layout.path_name]
    return made


@dataclass(frozen=True)
class Document:
    """A document to write: its place among those that were given, its id and its fields."""

    place: int
    id: str
    is_new: bool
    fields: Mapping[str, Any]


#: Where each document that was answered for is (None), or why it was not written, by its place.
Outcome = dict[int, str | None]


def write(
    index: str,
    documents: Iterable[Document],
    params: Mapping[str, Any],
    check: Callable[[Sequence[Mapping[str, Any]]], Operation[None]],
) -> Operation[tuple[Outcome, ImageIndexError | None]]:
    """Write documents, and say of each whether it is there; and why no more can be written.

    Those that an engine is too busy for are sent again after a pause, and all of them after a lost
    connection: a new document is created under an id of its own, so that it is there once however
    often it arrives. A timeout is an error: an engine that cannot answer in time is not helped by
    being sent more. What is said of the documents is given to `check`, in their order.
    """
    outcome: Outcome = {}
    batches = deque([list(documents)])
    attempt = 1
    while batches:
        waiting = batches.popleft()
        try:
            again = yield from _write_once(index, waiting, params, outcome, check)
        except _SeveralError:
            half = len(waiting) // 2
            batches.extendleft([waiting[half:], waiting[:half]])
            continue
        except LostError as error:
            if attempt >= SENT_AT_MOST:
                return outcome, error
            again = waiting
        except _TrippedError as error:  # what takes the room may pass
            if attempt >= ATTEMPTS:
                return outcome, error
            again = waiting
        except ImageIndexError as error:
            return outcome, error
        if not again:
            attempt = 1
            continue
        if attempt >= ATTEMPTS:
            return outcome, EngineError(
                f"the engine is too busy for index {index!r}: documents were still rejected after "
                f"{attempt} attempts; add them again when it has less to do",
                BUSY[0],
            )
        batches.appendleft(again)
        yield Pause(2.0 ** (attempt - 1))
        attempt += 1
    return outcome, None


class _TrippedError(EngineError):
    """The engine's heap has no room for a request."""


class _SeveralError(Exception):
    """Several documents, which cannot be sent at once: too large, or one that cannot be written."""


def _divided(waiting: Sequence[Document], reason: str, outcome: Outcome) -> list[Document]:
    """Note why a document cannot be sent; nothing is sent again, but several are divided."""
    if len(waiting) > 1:
        raise _SeveralError
    outcome[waiting[0].place] = reason
    return []


def _write_once(
    index: str,
    waiting: list[Document],
    params: Mapping[str, Any],
    outcome: Outcome,
    check: Callable[[Sequence[Mapping[str, Any]]], Operation[None]],
) -> Operation[list[Document]]:
    """Send documents, note what is said of each, and return those to be sent again."""
    try:
        response = yield from ask("POST", f"{path_of(index)}/_bulk", params, _lines(waiting))
    except UnsentError as error:
        return _divided(waiting, str(error), outcome)
    if response.status == _TOO_LARGE:
        return _divided(waiting, "it is larger than what the engine takes at once", outcome)
    if response.status == 200:
        again = _answered(waiting, response.body, outcome)
        yield from check([said for one in response.body["items"] for said in one.values()])
        return again
    if response.error.get("type") == TRIPPED:
        raise _TrippedError(str(refused(response, index)), response.status)
    if response.status in BUSY and response.error.get("type") != BLOCKED:
        return waiting
    raise refused(response, index)


def _lines(documents: Sequence[Document]) -> list[Any]:
    lines: list[Any] = []
    for one in documents:
        lines += [{"create" if one.is_new else "index": {"_id": one.id}}, one.fields]
    return lines


def _answered(
    sent: Sequence[Document], body: Mapping[str, Any], outcome: Outcome
) -> list[Document]:
    """Note what is said of each document; those to be sent again are returned."""
    items = body.get("items") or []
    if len(items) != len(sent):
        raise EngineError(
            f"the engine answered for {len(items)} of {len(sent)} documents; does a proxy change "
            "the answers? Reach the cluster directly"
        )
    again = []
    for one, item in zip(sent, items, strict=True):
        (said,) = item.values()
        status, error = said.get("status"), error_of(said)
        if said.get("_id") != one.id:
            raise EngineError(
                f"the engine answered for document {said.get('_id')!r} in place of {one.id!r}; "
                "does a proxy change the answers? Reach the cluster directly"
            )
        if 200 <= status < 300 or (status == _CONFLICT and one.is_new):
            outcome[one.place] = None  # a conflict: it had arrived before the connection was lost
        elif status in BUSY and error.get("type") != BLOCKED:
            again.append(one)
        else:
            outcome[one.place] = f"{error.get('type', status)}: {cause_of(error)}"
    return again


#: Bytes of an id at most, in any engine.
LONGEST_ID = 512


def refusal_of(id_: object) -> str | None:
    """Why nothing can have such an id; None where it can.

    A dot or two are steps in the path of a request: some clients and proxies would walk them.
    """
    if not isinstance(id_, str):
        return f"an id is a text, not {id_!r}"
    if id_ in ("", ".", ".."):
        return f"an id cannot be {id_!r}; give another, or none, and one is made"
    if (size := len(id_.encode(errors="surrogatepass"))) > LONGEST_ID:
        return (
            f"an id has at most {LONGEST_ID} bytes, and this one has {size}: {id_[:80]!r} …; give "
            "a shorter one, such as a hash"
        )
    return None


def cause_of(error: Mapping[str, Any]) -> str:
    """The reason at the end of a chain of causes, which says most."""
    while isinstance(error.get("caused_by"), Mapping):
        error = error["caused_by"]
    return str(error.get("reason", ""))[:300]


def path_of(index: str) -> str:
    """The path of an index.

    >>> path_of("photos"), path_of("a/b")
    ('/photos', '/a%2Fb')
    """
    return f"/{quote(index, safe='')}"


_REMEDIES = {
    401: "it does not know these credentials; give the client an api_key or basic_auth",
    403: "these credentials lack a privilege; an index needs 'read', 'write' and "
    "'view_index_metadata', to show at once what was written 'maintenance', and to be created "
    "'create_index'",
    404: "there is no such index; create it first, or correct its name",
    429: "it is too busy; try again when it has less to do",
    503: "a node or a shard is not ready; GET _cluster/health says what is wrong",
}


def refused(response: Response, index: str) -> EngineError:
    """What an answer means that is none of a success, in one sentence."""
    error = response.error
    said = f" ({error.get('type')}: {cause_of(error)})" if error else ""
    remedy = _REMEDIES.get(response.status, "correct the request, or see the engine's log")
    if error.get("type") == BLOCKED:
        remedy = (
            "the index may not be written to; mostly a disk is nearly full: make room on it, and "
            "the engine lifts the block by itself"
        )
    elif error.get("type") == TRIPPED:
        remedy = "its heap has no room for that; give the server a larger one, or ask it for less"
    elif not isinstance(response.body, Mapping) and response.status != 401:
        remedy = (
            "something in between, such as a proxy, answers; see what the client's hosts lead to"
        )
    return EngineError(
        f"index {index!r}: the engine answers {response.status}{said}: {remedy}", response.status
    )


def checked(response: Response, index: str) -> None:
    """Raise what an answer means that is none of a success."""
    if not 200 <= response.status < 300:
        raise refused(response, index)


def whole(response: Response, index: str) -> Mapping[str, Any]:
    """The body of an answer that all shards gave in full."""
    checked(response, index)
    body: Mapping[str, Any] = response.body
    shards = body.get("_shards", {})
    lacking = shards.get("total", 0) - shards.get("successful", 0)
    if body.get("timed_out") or lacking or shards.get("failed"):
        raise EngineError(
            f"index {index!r}: only {shards.get('successful')} of {shards.get('total')} shards "
            "answered in full, and a part is no result; GET _cluster/health says what is wrong"
        )
    return body


def refreshing(refreshed: bool | str) -> dict[str, Any]:
    """Parameters of a request that writes: when searches see what it wrote."""
    if refreshed not in (True, False, "wait_for"):
        raise ConfigError(f"refresh must be True, False or 'wait_for', not {refreshed!r}")
    return {"refresh": refreshed} if refreshed else {}
