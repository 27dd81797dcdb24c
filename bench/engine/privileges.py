"""What a refused user lacks, from what the engine's security says.

Elasticsearch names the action, and the privileges of which one would grant it; OpenSearch names the
action. Neither is bound to these words: where they are others, the reason is quoted as it is.
"""

import re
from collections.abc import Mapping
from typing import Any

#: Those that the how-to on one's own cluster asks for, the least first.
_ASKED_FOR = ("view_index_metadata", "monitor", "read", "write", "create_index", "manage")
_SAID = re.compile(
    r"action \[(?P<action>[^]]+)\] is unauthorized for (?:\w+ )*?(?:user|API key id)? ?"
    r"\[(?P<user>[^]]*)\].*?(?: on indices \[(?P<indices>[^]]*)\])?"
    r", this action is granted by the (?P<kind>cluster|index) privileges \[(?P<granted>[^]]*)\]"
)
_SAID_BY_OPENSEARCH = re.compile(r"no permissions for \[(?P<action>[^]]+)\]")


def missing_privilege(error: Mapping[str, Any]) -> str:
    """A sentence on what is missing and who gives it; "" where the error does not say.

    >>> missing_privilege({"reason": "action [indices:admin/create] is unauthorized for user [ann] "
    ...     "with effective roles [few] on indices [mine_a], this action is granted by the index "
    ...     "privileges [create_index,manage,all]"})
    "user 'ann' lacks the privilege 'create_index' on index mine_a (for indices:admin/create)"
    """
    reason = str(error.get("reason"))
    if found := _SAID_BY_OPENSEARCH.search(reason):
        return f"the user lacks the permission {found['action']}"
    if not (found := _SAID.search(reason)):
        return ""
    granted = found["granted"].split(",")
    privilege = next((name for name in _ASKED_FOR if name in granted), granted[0])
    where = "on the cluster" if found["kind"] == "cluster" else "on the index"
    if found["indices"]:
        where = f"on index {found['indices']}"
    return (
        f"user {found['user']!r} lacks the privilege {privilege!r} {where} (for {found['action']})"
    )
