"""Bytes of made shards."""

import numpy as np
import pytest

from bench.kinds.nodes.arrangements import COPIED, PART, SHARDED, WHOLE
from bench.kinds.nodes.copies import SETTLED, check_settled, check_sums, sizes_table
from bench.runs.errors import WrongIndexError


def test_predicted_are_shards_times_copies_times_a_part(made):
    sizes = sizes_table(made["indices"], made["shards"]).set_index("arrangement")
    assert sizes["store_bytes"].to_dict() == {PART: 500, WHOLE: 950, SHARDED: 1000, COPIED: 2000}
    assert sizes.loc[[SHARDED, COPIED], "foretold_bytes"].tolist() == [1000, 2000]
    assert sizes.loc[[SHARDED, COPIED], "difference"].tolist() == [0, 0]
    assert np.isnan(sizes.loc[[PART, WHOLE], "foretold_bytes"]).all()
    assert sizes.loc[COPIED, "bytes_per_document"] == 20


def test_shards_that_are_not_their_index_are_told(made):
    assert check_sums(made["indices"], made["shards"]).holds
    fewer = check_sums(made["indices"], made["shards"].drop(index=5))
    assert not fewer.holds
    assert "words-copied: 3 copies in its shards, 4 in all" in fewer.found
    assert "words-copied: 1,410 bytes in its shards, 2,000 in all" in fewer.found


def test_a_copy_that_holds_more_has_not_settled(made):
    shards = made["shards"]
    copies = shards[(shards["arrangement"] == COPIED) & (shards["moment"] == SETTLED)]
    check_settled("words-copied", copies)
    more = copies.assign(store_bytes=copies["store_bytes"] + 100 * (~copies["primary"]))
    with pytest.raises(WrongIndexError, match="copies of shard 0 take 590 to 690 bytes"):
        check_settled("words-copied", more)
