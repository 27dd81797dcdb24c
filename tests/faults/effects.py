"""What a request does to a cluster: nothing, or something to indices that it names.

Strict: whatever is not known to read is an offence, so that a new kind of request has to be entered
here before the harness may send it.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.faults.http_proxy import Exchange

#: Endpoints of the cluster that are read, with GET or HEAD.
_CLUSTER_READS = re.compile(
    r"/?|/_nodes(/.*)?|/_cluster/(health|state|settings|stats|allocation/explain)(/.*)?"
    r"|/_cat/(indices|nodes|shards|allocation)(/[^/]*)?"
)
#: Endpoints of indices that are read: with GET and HEAD, and with POST too.
_GET_READS = re.compile(
    r"(_alias|_mapping|_settings|_stats|_segments|_recovery|_search|_count|_doc|_source)(/.*)?"
)
_POST_READS = frozenset({"_search", "_msearch", "_count", "_disk_usage"})
#: Endpoints of indices that write, by method.
_WRITES = {
    "POST": {"_flush", "_refresh", "_forcemerge", "_close", "_open"},
    "PUT": {"_mapping", "_settings"},
}
#: A name as an index has it, so that it stands for nothing but itself.
_EXACT = re.compile(r"[a-z0-9][a-z0-9_.\-]*")


@dataclass(frozen=True)
class Effect:
    """What a request does.

    Parameters
    ----------
    creates, deletes : str
        Name of an index, "" for none.
    writes : frozenset of str
        Names of the indices that are written to, the deleted one too.
    offence : str
        Why it must not be sent to a cluster that others use; "" where it may.
    """

    creates: str = ""
    deletes: str = ""
    writes: frozenset[str] = frozenset()
    offence: str = ""


def effect(method: str, target: str, body: bytes = b"") -> Effect:
    """Say what a request does.

    Examples
    --------
    >>> effect("DELETE", "/tester").deletes
    'tester'
    >>> effect("DELETE", "/tester*").offence
    "'tester*' is no exact name of an index"
    >>> effect("POST", "/tester/_search") == Effect()
    True
    """
    path = target.partition("?")[0]
    name, *rest = [unquote(part) for part in path.removeprefix("/").split("/")]
    endpoint = "/".join(rest)
    if _reads(method, path, name, endpoint):
        return Effect()
    if method in ("POST", "PUT") and "_bulk" in (endpoint, name if not rest else ""):
        return _bulk(name if rest else "", body)
    return _write(method, name, endpoint, body)


def _write(method: str, name: str, endpoint: str, body: bytes) -> Effect:
    if not _EXACT.fullmatch(name):
        return Effect(offence=f"{name!r} is no exact name of an index")
    if not endpoint and method == "PUT":
        return _creation(name, body)
    if not endpoint and method == "DELETE":
        return Effect(deletes=name, writes=frozenset({name}))
    if endpoint in _WRITES.get(method, ()):
        return Effect(writes=frozenset({name}))
    return Effect(offence=f"{method} {name}/{endpoint} is not known to be harmless")


def _reads(method: str, path: str, name: str, endpoint: str) -> bool:
    if method == "POST":
        return endpoint in _POST_READS or path == "/_msearch"
    if method not in ("GET", "HEAD"):
        return False
    of_index = not endpoint or _GET_READS.fullmatch(endpoint)
    return bool(_CLUSTER_READS.fullmatch(path) or (of_index and not name.startswith("_")))


def _creation(name: str, body: bytes) -> Effect:
    form = _json(body) if body else {}
    if form is None or "aliases" in form:
        return Effect(offence=f"{name!r} is created with aliases, or what cannot be read")
    return Effect(creates=name)


def _bulk(default: str, body: bytes) -> Effect:
    names, lines = set[str](), iter(body.splitlines())
    for line in lines:
        if not line.strip():
            continue
        action = _json(line)
        if action is None or len(action) != 1:
            return Effect(offence="a bulk request that cannot be read")
        ((verb, about),) = action.items()
        if verb not in ("index", "create", "update", "delete") or not isinstance(about, Mapping):
            return Effect(offence="a bulk request that cannot be read")
        names.add(str(about.get("_index", default)))
        if verb != "delete":
            next(lines, None)
    for name in sorted(names):
        if not _EXACT.fullmatch(name):
            return Effect(offence=f"{name!r} is no exact name of an index")
    return Effect(writes=frozenset(names))


def _json(text: bytes) -> dict[str, Any] | None:
    try:
        form = json.loads(text)
    except ValueError:
        return None
    return form if isinstance(form, dict) else None


def offences(exchanges: Iterable[Exchange], ours: Collection[str] = ()) -> list[str]:
    """Requests that write to anything but an index that was created in the same recording."""
    found = []
    for one, done, own in _owned(exchanges, ours):
        others = sorted(done.writes - own)
        reason = done.offence or (f"not created here: {', '.join(others)}" if others else "")
        if reason:
            found.append(f"{one.method} {one.target}: {reason}")
    return found


def created(exchanges: Iterable[Exchange], ours: Collection[str] = ()) -> frozenset[str]:
    """Names of the indices that are ours after all requests: created, and not deleted since."""
    own = frozenset(ours)
    for one, done, before in _owned(exchanges, ours):
        own = _after(one, done, before)
    return own


def _owned(
    exchanges: Iterable[Exchange], ours: Collection[str]
) -> Iterator[tuple[Exchange, Effect, frozenset[str]]]:
    """Every request, what it does, and the indices that are ours when it is sent."""
    own = frozenset(ours)
    for one in exchanges:
        done = effect(one.method, one.target, one.body)
        yield one, done, own
        own = _after(one, done, own)


def _after(one: Exchange, done: Effect, own: frozenset[str]) -> frozenset[str]:
    if one.status != 200:
        return own
    return (own | ({done.creates} if done.creates else set())) - {done.deletes}
