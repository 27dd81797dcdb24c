"""Hash configs, and what is wrong with some."""

import pytest
from pydantic import ValidationError

from bench.kinds.hashes.config import Hashes
from bench.peers.hashes import HASHES

BITS = {"name": "bits", "layout": "vector_sign_flat", "codec": {"id": "none"}}
TESTER = {"name": "tester", "codec": {"id": "int_array"}}
GIVEN = {"kind": "hashes", "name": "made", "variants": [BITS, TESTER]}


def test_all_hashes_stand_beside_our_own():
    made = Hashes.model_validate(GIVEN)
    assert made.chosen() == list(HASHES)
    assert [one.index_name for one in made.expand()] == ["bits", "tester"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"hashes": ["PDQ", "md5"]}, "hashes: 'md5' is none of PDQ, pHash, "),
        ({"hashes": ["PDQ", "PDQ"]}, "hashes: 'PDQ' is there twice; name each once"),
        ({"variants": [TESTER, BITS]}, "tester: the first variant is what hashes are compared"),
        (
            {"variants": [BITS, BITS | {"name": "graph", "layout": "vector_sign_hnsw"}]},
            "graph: layout 'vector_sign_hnsw' neither counts words",
        ),
        ({"k": [100]}, "k: 100 is no rank below the 100 hits"),
        ({"variants": [BITS, TESTER | {"codec": {"id": "sign"}}]}, "'sign' does not keep the sig"),
        ({"variants": [BITS | {"name": "hash-phash"}]}, "'hash-phash' is a name of hash 'pHash'"),
        ({"variants": [BITS | {"name": "average"}]}, "'average' is a name of hash 'average'"),
    ],
)
def test_what_is_no_comparison_is_refused(changed, said):
    with pytest.raises(ValidationError, match=said):
        Hashes.model_validate(GIVEN | changed)
