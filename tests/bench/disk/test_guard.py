"""A guard on disks of made sizes; what it expects is from real figures."""

import pytest

from bench.disk.guard import GROUP, DiskGuard, Planned
from bench.disk.history import History, MeasuredSize, expected_size, reckoned_size, source_bytes
from bench.disk.room import Room
from bench.index.storage import IndexSize, Storage
from bench.index.variant import Variant
from bench.runs.config_file import canonical_json
from bench.runs.errors import DiskSpaceError

ONE = Variant(N=63, k=16, codec={"id": "none"}, layout="tagged_long")
TWO = Variant(N=63, k=15, codec={"id": "none"}, layout="tagged_long")
OTHER = Variant(N=32, k=16, codec={"id": "none"})
DOCUMENTS = 1_000_000
REMEDIES = {"drop": "index: {keep: false}", "spread": "index: {shards: N}"}


def history(*variants: Variant, size: float = 2000.0, loaded: float = 1.5) -> History:
    measured = (
        MeasuredSize(
            one.layout, one.N, one.k, canonical_json(dict(one.codec)), size, loaded, 1000, "made"
        )
        for one in variants
    )
    keys = ((one.key, 1000) for one in variants)
    return History(sizes=dict(zip(keys, measured, strict=True)))


def guard(usable: float | None, known: History, notices: list[str] | None = None, **more):
    room = None if usable is None else Room("the disk of made", int(usable) + 10**9, 10**9)
    said = [].append if notices is None else notices.append
    return DiskGuard(lambda: room, known, notice=said, **REMEDIES, **more)


def planned(*variants: Variant) -> list[Planned]:
    return [Planned(one, DOCUMENTS) for one in variants]


def storage(size: float, loaded: float) -> Storage:
    sizes = [IndexSize(100, 0, 1, 1, 0, int(100 * one), 0) for one in (size, size * loaded)]
    return Storage(*sizes, 0.0, 0.0, {}, {}, {}, {})


def test_what_is_needed():
    known = guard(None, history(ONE, TWO))
    # Each with its copies for recovery, and one of them once more.
    assert known.needed(planned(ONE)) == 2e9 * (1.5 + 1)
    assert known.needed(planned(ONE, TWO)) == 2e9 * (1.5 + 1.5 + 1)
    twice = guard(None, history(ONE), copies=2)
    assert twice.needed(planned(ONE)) == 2 * known.needed(planned(ONE))
    # A transaction log of half the documents is larger than an index that is small.
    small = guard(None, history(ONE, size=100.0, loaded=1.0))
    assert small.needed(planned(ONE)) == 1e8 + DOCUMENTS / 2 * source_bytes(ONE)


@pytest.mark.parametrize(("usable", "fits"), [(8.1e9, True), (7.9e9, False)])
def test_all_that_stay_must_fit_together(usable, fits):
    known = guard(usable, history(ONE, TWO))
    if fits:
        known.check_all(planned(ONE, TWO))
    else:
        with pytest.raises(DiskSpaceError) as caught:
            known.check_all(planned(ONE, TWO))
        for part in ("8.9 GB free", "2 indices need up to 8.0 GB", "1.0 GB must", "keep: false"):
            assert part in str(caught.value)


def test_indices_that_do_not_stay_need_the_room_of_one():
    known = guard(5.1e9, history(ONE, TWO), keep=False)
    known.check_all(planned(ONE, TWO))
    with pytest.raises(DiskSpaceError, match=r"2 indices need up to 8\.0 GB") as caught:
        known.check_all(planned(ONE, TWO), planned(ONE, TWO))  # searches of both are timed
    assert "keep: false" not in str(caught.value)


def test_nothing_to_build_needs_no_room():
    notices: list[str] = []
    guard(-5e8, history(ONE), notices).check_all([])  # less is free than must stay free
    guard(None, history(ONE), notices).check_all([])
    assert notices == []


def test_each_size_of_an_index_is_learnt():
    known = guard(None, history())
    for size, documents in ((100.0, 1_000), (60.0, 100_000)):
        sizes = IndexSize(documents, 0, 1, 1, 0, int(documents * size), 0)
        known.learn(ONE, Storage(sizes, sizes, 0.0, 0.0, {}, {}, {}, {}))
    expected = [known.expected(Planned(ONE, documents)) for documents in (2_000, DOCUMENTS)]
    assert [one.bytes_per_document for one in expected] == [100.0, 60.0]


def test_a_bound_does_not_stop_a_run_before_it_is_sure():
    notices: list[str] = []
    known = guard(5.1e9, history(ONE), notices)
    known.check_all(planned(ONE, TWO))
    assert "upper bound" in notices[0]
    known.check(planned(ONE)[0])
    with pytest.raises(DiskSpaceError, match=TWO.index_name):
        guard(4.9e9, history(ONE)).check(planned(TWO)[0])


def test_indices_that_are_still_to_be_merged_count():
    known = guard(3.1e9, _both())
    known.check(planned(TWO)[0])
    with pytest.raises(DiskSpaceError):
        known.check(planned(TWO)[0], planned(ONE) * 3)


def _both() -> History:
    large, small = history(ONE, size=3000.0), history(TWO, size=1000.0, loaded=1.0)
    return History(sizes=large.sizes | small.sizes)


def test_what_was_measured_in_this_run_puts_expectations_right():
    known = guard(None, history(ONE, TWO, OTHER))
    known.learn(ONE, storage(4000.0, 1.2))
    assert known.expected(*planned(ONE)).bytes_per_document == 4000.0
    # Twice of what was measured before.
    assert known.expected(*planned(TWO)).bytes_per_document == 4000.0
    unknown = Variant(N=126, k=16, codec={"id": "none"}, layout="tagged_long")
    assert known.expected(*planned(unknown)).bytes_per_document == 8000.0
    assert known.expected(*planned(unknown)).loaded == 1.2
    assert known.expected(*planned(OTHER)).bytes_per_document == 4000.0


def test_groups_take_half_the_room():
    plans = planned(ONE) * 10
    assert list(guard(None, history(ONE)).groups(plans)) == [10]
    assert list(guard(1e15, history(ONE), keep=False).groups(planned(ONE) * 70)) == [
        GROUP,
        GROUP,
        6,
    ]
    # Half of 16.2 GB: two with their copies and one once more take 8.0 GB, three 11.0 GB.
    assert list(guard(16.2e9, history(ONE), keep=False).groups(plans)) == [2] * 5
    assert list(guard(1.0, history(ONE), keep=False).groups(plans)) == [1] * 10
    assert list(guard(None, history(ONE), keep=False).groups(plans)) == [10]


def test_a_cluster_that_does_not_say_how_much_is_free_is_said_so():
    notices: list[str] = []
    known = guard(None, history(ONE), notices)
    known.check_all(planned(ONE))
    known.check(planned(ONE)[0])
    assert "monitor" in notices[0]


@pytest.mark.parametrize("layout", ["dynamic", "tagged_column", "integer_filtered"])
def test_without_history_fields_are_reckoned(layout):
    """More than what was measured of 20,000 documents, and not beyond all measure."""
    measured = {"dynamic": 1579.0, "tagged_column": 331.0, "integer_filtered": 357.0}
    variant = Variant(N=63, k=16, codec={"id": "packed", "strip": "half"}, layout=layout)
    size = reckoned_size(variant)
    assert size == expected_size(variant, History(), None)
    assert measured[layout] * 1.5 < size.bytes_per_document * size.loaded < measured[layout] * 20


def test_an_index_on_a_cluster_needs_the_room_of_its_nodes():
    one = Room("the roomiest node of the cluster", 5 * 10**9, 10**9, is_elsewhere=True)
    room = Room("the 3 data nodes of the cluster", 50 * 10**9, 10**9, one, is_elsewhere=True)
    known = DiskGuard(lambda: room, history(ONE, TWO), **REMEDIES)
    for refused in (
        lambda: known.check(planned(ONE)[0]),
        lambda: known.check_all(planned(ONE)),
        lambda: known.check_all(planned(ONE, TWO)),  # in all there is room
    ):
        with pytest.raises(
            DiskSpaceError, match=r"roomiest node of the cluster has 5\.0 GB"
        ) as told:
            refused()
        assert "index: {shards: N}" in str(told.value)
        assert "disk_floor" not in str(told.value)
        assert "--results" not in str(told.value)


def test_indices_on_a_cluster_need_the_room_of_all_nodes():
    one = Room("the roomiest node of the cluster", 7 * 10**9, 10**9, is_elsewhere=True)
    room = Room("the 2 data nodes of the cluster", 9 * 10**9, 2 * 10**9, one, is_elsewhere=True)
    known = DiskGuard(lambda: room, history(ONE, TWO), **REMEDIES)
    known.check_all(planned(ONE))
    several = r"2 data nodes .* 2 indices need up to 8\.0 GB"
    with pytest.raises(DiskSpaceError, match=several) as told:
        known.check_all(planned(ONE, TWO))
    assert "keep: false" in str(told.value)
    assert "index: {shards: N}" not in str(told.value)  # would not help


@pytest.mark.parametrize("elsewhere", [False, True])
def test_remedies_that_a_config_has_not_are_not_told(elsewhere):
    one = Room("the roomiest node of the cluster", 2 * 10**9, 10**9, is_elsewhere=elsewhere)
    room = Room("the disk of made", 2 * 10**9, 10**9, one, is_elsewhere=elsewhere)
    with pytest.raises(DiskSpaceError) as told:
        DiskGuard(lambda: room, history(ONE)).check(planned(ONE)[0])
    for remedy in ("keep: false", "shards", ", ,"):
        assert remedy not in str(told.value)
    assert "lower the number of documents" in str(told.value)
