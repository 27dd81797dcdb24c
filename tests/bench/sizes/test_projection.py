"""Projections by hand."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.runs.errors import MeasurementError
from bench.sizes.fit import SizeFit, fit_sizes
from bench.sizes.projection import LUCENE_LIMIT, Cluster, on_nodes, project

SIZES = [10_000, 20_000, 40_000, 60_000, 70_000, 80_000, 100_000]


def fit_of(slope: float, step: float = 0.0) -> SizeFit:
    return fit_sizes(SIZES, [round(n * (slope + step * (n > 65_536))) for n in SIZES])


def test_a_billion_by_hand():
    """1,000 bytes a document: 1 TB, in 20 shards of 50 GB, twice, and 3 nodes that merge."""
    cluster = Cluster(shard_gb=50.001, replicas=1, node_gb=1_000, watermark=0.85)
    row = project(fit_of(1_000), 1_000_000_000, cluster)
    assert row["shards"] == 20
    assert row["limit"] == "bytes"
    assert row["documents_per_shard"] == 50_000_000
    assert row["shard_bytes"] == pytest.approx(50e9, rel=1e-6)
    assert row["primary_bytes"] == pytest.approx(1e12, rel=1e-6)
    assert row["store_bytes"] == pytest.approx(2e12, rel=1e-6)
    # 850 GB of each disk may be used, 50 of them are kept for a merge: 40 shards, 16 a node.
    assert row["nodes"] == 3
    assert row["merge_bytes"] == pytest.approx(3 * 50e9, rel=1e-6)
    assert row["disk_bytes"] == pytest.approx((2e12 + 150e9) / 0.85, rel=1e-6)


def test_a_shard_that_no_document_fits_into_ends_with_one_each():
    row = project(fit_of(1_000), 100, Cluster(shard_gb=1e-9))
    assert (row["shards"], row["documents_per_shard"]) == (100, 1)


def test_small_documents_are_bounded_by_their_number():
    row = project(fit_of(100), 1_000_000_000, Cluster())
    assert (row["shards"], row["limit"]) == (5, "documents")
    assert row["shard_bytes"] == pytest.approx(20e9, rel=1e-6)


def test_shards_below_the_step_save_its_byte():
    fit = fit_of(300, step=60)
    small = project(fit, 100_000_000, Cluster(shard_documents=2**24))
    large = project(fit, 100_000_000, Cluster(shard_documents=200_000_000))
    assert small["bytes_per_document"] == pytest.approx(360, abs=0.1)
    assert large["bytes_per_document"] == pytest.approx(420, abs=0.1)
    assert small["shards"] == ceil(100_000_000 / 2**24)


def test_the_larger_of_both_trends_is_the_figure():
    stores = [round(n * (300 - 10 * n.bit_length())) for n in SIZES]
    fit = fit_sizes(SIZES, stores)
    row = project(fit, 100_000_000, Cluster())
    goes_on = fit.predict(row["documents_per_shard"], of_one_index=False)
    ends = fit.predict(row["documents_per_shard"], trend_goes_on=False, of_one_index=False)
    assert row["bytes_per_document"] == max(goes_on.value, ends.value)
    assert row["low"] == min(goes_on.low, ends.low)
    assert row["high"] == max(goes_on.high, ends.high)


def test_a_small_collection_is_one_shard_and_its_copies_lie_apart():
    row = project(fit_of(1_000), 1_000_000, Cluster(replicas=2))
    assert (row["shards"], row["nodes"]) == (1, 3)


def test_shards_are_not_divided_between_nodes():
    """Of 127.5 GB a node holds one shard of 50 GB, beside the room to merge one."""
    assert on_nodes(1e12, 50e9, Cluster(replicas=0, node_gb=150)) == (20, 2e12 / 0.85)
    assert on_nodes(2e12, 50e9, Cluster(replicas=1, node_gb=1_000))[0] == 3  # 40, 16 a node
    assert on_nodes(1e12, 50e9, Cluster(replicas=0, node_gb=150), least=25)[0] == 25


@pytest.mark.parametrize("node_gb", [40, 100])
def test_a_shard_that_no_node_can_merge_is_refused(node_gb):
    with pytest.raises(MeasurementError, match=f"cannot be merged on a node of {node_gb} GB"):
        project(fit_of(1_000), 1_000_000_000, Cluster(node_gb=node_gb))


def test_a_refusal_names_what_a_merge_takes():
    with pytest.raises(MeasurementError, match=r"85 GB may be filled, .* takes 100 GB; choose"):
        on_nodes(1e12, 50e9, Cluster(replicas=0, node_gb=100))


FITS = [fit_of(80, 63), fit_of(300, 63), fit_of(3_600, 63)]


@given(
    st.sampled_from(FITS),
    st.integers(1, 5_000_000_000),
    st.floats(1, 100),
    st.integers(1_000_000, LUCENE_LIMIT),
)
def test_no_shard_is_beyond_its_limits(fit, documents, shard_gb, shard_documents):
    cluster = Cluster(shard_gb=shard_gb, shard_documents=shard_documents, node_gb=10_000)
    row = project(fit, documents, cluster)
    assert row["documents_per_shard"] <= shard_documents
    assert row["documents_per_shard"] * row["shards"] >= documents
    assert row["shard_bytes"] <= shard_gb * 1e9 * (1 + 1e-6)
    assert row["low"] <= row["bytes_per_document"] <= row["high"]
    used = row["store_bytes"] + row["merge_bytes"]
    assert used <= row["nodes"] * 10_000e9 * cluster.watermark * (1 + 1e-9)
