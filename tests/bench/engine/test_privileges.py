"""What Elasticsearch and OpenSearch say of a refused user, in a sentence."""

import pytest

from bench.engine.privileges import missing_privilege

SAID = (
    "action [{}] is unauthorized for user [ann] with effective roles [few]{}, "
    "this action is granted by the {} privileges [{}]"
)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            SAID.format("cluster:monitor/health", "", "cluster", "monitor,manage,all"),
            "user 'ann' lacks the privilege 'monitor' on the cluster (for cluster:monitor/health)",
        ),
        (
            SAID.format("indices:data/write/bulk", "", "index", "create_doc,index,write,all"),
            "user 'ann' lacks the privilege 'write' on the index (for indices:data/write/bulk)",
        ),
        (
            SAID.format("indices:data/read/search", " on indices [a,b]", "index", "read,all"),
            "user 'ann' lacks the privilege 'read' on index a,b (for indices:data/read/search)",
        ),
        (
            SAID.format("x", "", "cluster", "manage_new_things"),
            "user 'ann' lacks the privilege 'manage_new_things' on the cluster (for x)",
        ),
        (
            "no permissions for [indices:admin/create] and User [name=ann, roles=[few]]",
            "the user lacks the permission indices:admin/create",
        ),
        ("index [a] blocked by: [FORBIDDEN/12/disk usage exceeded]", ""),
        ("action [x] is unauthorized for user [ann]", ""),
    ],
)
def test_what_is_missing(reason, told):
    assert missing_privilege({"type": "security_exception", "reason": reason}) == told


def test_an_error_that_says_nothing_is_no_guess():
    assert missing_privilege({}) == ""
