import pandas as pd
import pytest

from bench.advise.question import Question
from bench.advise.size import Growth, index_size, smallest_sizes
from bench.runs.folder import RunFolder, write_json
from bench.sizes.fit import fit_sizes

ROW = {
    "layout": "tagged_long",
    "bytes_per_document": 200.0,
    "bytes_low": 180.0,
    "bytes_high": 240.0,
    "size_source": "predicted",
}
ASKED = Question(images=800_000_000, precision=0.9, recall=0.9)
SIZES = [5_000, 10_000, 20_000, 40_000]


def test_size_by_hand():
    size = index_size(ROW, 20_000, ASKED, Growth({}))
    assert (size.primary_bytes, size.primary_low, size.primary_high) == (160e9, 144e9, 192e9)
    assert size.shards == 6  # of 30 GB
    assert size.documents_per_shard == 133_333_334
    assert size.store_bytes == 320e9
    assert size.scaled_by is None


def test_shards_hold_no_more_documents_than_is_wise():
    large = Question(images=800_000_000, precision=0.9, recall=0.9, shard_bytes=1e12, replicas=0)
    size = index_size(ROW, 20_000, large, Growth({}))
    assert size.shards == 4
    assert size.store_bytes == size.primary_bytes


def test_growth_corrects_the_same_layout_only():
    fit = fit_sizes(SIZES, [300 * n + 2_000_000 for n in SIZES])
    growth = Growth({"tagged_long": ("plain", fit)})
    size = index_size(ROW, 20_000, ASKED, growth)
    # 400 bytes a document at 20,000, of which 100 are shared: 300 remain.
    assert size.bytes_per_document == pytest.approx(200 * 300 / 400, rel=1e-3)
    assert size.scaled_by == "plain"
    other = index_size(ROW | {"layout": "dynamic"}, 20_000, ASKED, growth)
    assert (other.bytes_per_document, other.scaled_by) == (200.0, None)


@pytest.mark.parametrize("images", [1, 4_999])
def test_fewer_than_were_measured_take_a_part_of_the_fewest_and_at_most_all(images):
    fit = fit_sizes(SIZES, [300 * n - 900_000 for n in SIZES])  # below 3,000 less than nothing
    few = Question(images=images, precision=0.9, recall=0.9)
    size = index_size(ROW, 20_000, few, Growth({"tagged_long": ("plain", fit)}))
    # 120 bytes a document at 5,000, over 255 at 20,000.
    assert size.bytes_per_document == pytest.approx(200 * 120 / 255, rel=1e-3)
    assert size.primary_high == pytest.approx(5_000 * 240 * 120 / 255, rel=1e-3)
    assert 0 < size.primary_low <= size.primary_bytes < size.primary_high
    assert size.fewest == 5_000


def test_growth_is_read_from_a_scale_run(tmp_path):
    folder = RunFolder(tmp_path / "scale")
    rows = [
        {"variant": name, "origin": "collection", "documents": n, "store_bytes": size * n + 10_000}
        for name, size in (("tester", 3000), ("tester_none", 1000))
        for n in SIZES
    ]
    folder.write_table("sizes", pd.DataFrame(rows))
    variants = [
        {"index": "tester", "codec": {"id": "int_array"}, "layout": "dynamic"},
        {"index": "tester_none", "codec": {"id": "none"}, "layout": "dynamic"},
    ]
    config = {"variants": variants, "confidence": 0.95}
    write_json(folder.path / "manifest.json", {"format": 1, "kind": "scale", "config": config})
    growth = Growth.of(folder)
    assert {layout: name for layout, (name, _) in growth.fits.items()} == {"dynamic": "tester_none"}
    value, low, high = growth.factor({"layout": "dynamic"}, 20_000, 1_000_000)
    assert low <= value <= high
    assert value == pytest.approx((1000 + 0.01) / (1000 + 0.5), rel=1e-4)


def test_a_document_larger_than_a_shard_ends_the_search_for_shards():
    tiny = Question(images=5, precision=0.9, recall=0.9, shard_bytes=1e6)
    assert index_size(ROW | {"bytes_per_document": 1e9}, 5, tiny, Growth({})).shards == 5


def test_each_ranking_has_the_size_of_what_it_needs():
    size = {"bytes_low": 1.0, "bytes_high": 9.0, "size_source": "measured"}
    words = [("a", "dynamic", 9.0), ("a", "tagged_long", 3.0), ("b", "dynamic", 5.0)]
    needed = [
        ("a", "dynamic", 9.0, "score"),
        ("a", "dynamic", 12.0, "distance"),
        ("b", "dynamic", float("nan"), "sign_distance"),
    ]
    columns = ["variant", "layout", "bytes_per_document"]
    sizes = pd.DataFrame(words, columns=columns).assign(**size)
    sweep = pd.DataFrame(needed, columns=[*columns, "ranking"]).assign(**size)
    found = smallest_sizes(sweep, sizes).set_index(["variant", "ranking"])
    assert found["layout"].to_dict() == {
        ("a", "score"): "tagged_long",
        ("b", "score"): "dynamic",
        ("a", "distance"): "dynamic",
    }
    assert found["bytes_per_document"]["a", "distance"] == 12
