"""Which names an index can have: Elasticsearch's rules, told before anything is asked of it.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/indices-create-index.html
"""

from bench.runs.errors import ExperimentError

#: Characters that no name may have, and those that none may begin with.
_NOWHERE, _NOT_FIRST = '\\/*?"<>| ,#:', "_-+"
#: Longest name, bytes of UTF-8.
LONGEST = 255


def check_index_name(name: str, remedy: str = "give another name") -> None:
    """Refuse a name that no index can have.

    Examples
    --------
    >>> check_index_name("Photos")
    Traceback (most recent call last):
    bench.runs.errors.ExperimentError: no index can be called 'Photos': only lowercase ...
    """
    if reason := _reason(name):
        shown = name if len(name) <= 60 else f"{name[:57]}…"
        raise ExperimentError(f"no index can be called {shown!r}: {reason}; {remedy}")


def _reason(name: str) -> str:
    size = len(name.encode(errors="surrogatepass"))
    told = {
        "it is empty": not name,
        "only lowercase letters are taken": name != name.lower(),
        f"{next((c for c in name if c in _NOWHERE), '')!r} is not taken": bool(
            set(name) & set(_NOWHERE)
        ),
        f"it begins with {name[:1]!r}": name[:1] in set(_NOT_FIRST),
        "it is a folder's": name in (".", ".."),
        f"it has {size} bytes of UTF-8, {LONGEST} are the most": size > LONGEST,
        "it is no valid text": any("\ud800" <= c <= "\udfff" for c in name),
    }
    return next((reason for reason, applies in told.items() if applies), "")
