"""The plan: what is indexed and what is searched for."""

from collections import Counter

import pytest
from PIL import Image

from datasets import DatasetError
from datasets.collection import Collection, Original, Pair, Photograph
from datasets.queries import Planting, describe_original, plan_queries
from datasets.transforms import transform_set


class MadeCollection(Collection):
    """Forty photographs in thirty scenes, nine tiles each; nothing to open."""

    def __init__(self) -> None:
        photographs = [
            Photograph(f"p{i}", f"g{i % 30}", "made", f"{i}.png", f"{i:064}", 30, 30)
            for i in range(40)
        ]
        tiles = [(x, y, x + 10, y + 10) for y in (0, 10, 20) for x in (0, 10, 20)]
        originals = [Original(p.id, p.id, p.group) for p in photographs]
        originals += [Original(f"{p.id}@{t}", p.id, p.group, t) for p in photographs for t in tiles]
        super().__init__("made", photographs, originals)

    def read_bytes(self, photo_id: str) -> bytes:
        raise AssertionError("a plan opens no picture")

    def open(self, photo_id: str) -> Image.Image:
        raise AssertionError("a plan opens no picture")


class OnlyPhotographs(MadeCollection):
    def __init__(self) -> None:
        super().__init__()
        self.originals = self.originals[:40]


MADE = MadeCollection()
TRANSFORMS = transform_set("quick")


def plan(**changes):
    settings = {"documents": 200, "queries": 120, "no_match_share": 0.25, "seed": 3}
    return plan_queries(MADE, TRANSFORMS, **settings | changes)


def test_equal_seeds_give_equal_plans():
    assert plan() == plan()
    assert plan() != plan(seed=4)


def test_no_match_queries_have_nothing_of_their_scene_in_the_database():
    made = plan()
    assert len(made.database) == len(set(made.database)) == 200
    indexed = {MADE.originals[i].group for i in made.database}
    for query in made.queries:
        original = MADE.originals[query.original]
        assert query.in_database == (query.original in made.database)
        assert query.in_database == (original.group in indexed)
    assert sum(not query.in_database for query in made.queries) == 30


def test_every_photograph_outside_the_held_out_scenes_is_indexed():
    made = plan()
    outside = {MADE.originals[q.original].group for q in made.queries if not q.in_database}
    whole = {MADE.originals[i].photo for i in made.database if MADE.originals[i].box is None}
    assert len(whole) >= 0.8 * 40
    assert not outside & {MADE.originals[i].group for i in made.database}


def test_queries_are_spread_over_photographs_and_transforms():
    made = plan()
    transforms = Counter(query.transform.id for query in made.queries)
    assert max(transforms.values()) - min(transforms.values()) <= 1
    assert len(transforms) == len(TRANSFORMS)
    found = [query for query in made.queries if query.in_database]
    photos = Counter(MADE.originals[query.original].photo for query in found)
    assert max(photos.values()) - min(photos.values()) <= 2
    originals = [query.original for query in made.queries]
    assert len(originals) == len(set(originals))
    assert len({query.seed for query in made.queries}) == len(made.queries)


def test_small_collections_are_used_again_with_other_transforms():
    made = plan(documents=40, queries=300)
    found = Counter(query.original for query in made.queries if query.in_database)
    assert len(found) == 40
    assert max(found.values()) - min(found.values()) <= 1


def test_no_edited_copy_is_there_twice():
    most = len(TRANSFORMS) * len(MADE.photographs)
    made = plan_queries(OnlyPhotographs(), TRANSFORMS, documents=None, queries=most)
    pairs = {(query.original, query.transform.id) for query in made.queries}
    assert len(pairs) == len(made.queries) == most
    with pytest.raises(DatasetError, match=f"{len(TRANSFORMS)} transforms make {most:,};"):
        plan_queries(OnlyPhotographs(), TRANSFORMS, documents=None, queries=most + 1)


def test_a_scene_is_in_one_half_only():
    halves = {}
    for query in plan().queries:
        halves.setdefault(MADE.originals[query.original].group, set()).add(query.half)
    assert all(len(found) == 1 for found in halves.values())
    counted = Counter(query.half for query in plan().queries)
    assert min(counted.values()) > 40


def test_sizes_do_not_change_scenes_halves_or_each_other():
    small, large = plan(queries=60, documents=100), plan(queries=120, documents=300)
    assert set(plan(queries=60).database) == set(plan(queries=120).database)
    halves = [
        {MADE.originals[query.original].group: query.half for query in made.queries}
        for made in (small, large)
    ]
    shared = set(halves[0]) & set(halves[1])
    assert len(shared) > 15
    assert all(halves[0][group] == halves[1][group] for group in shared)


def test_both_halves_have_queries_without_a_match():
    counted = Counter(query.half for query in plan().queries if not query.in_database)
    assert min(counted["tune"], counted["report"]) >= 10


def test_an_edited_copy_has_one_right_answer_or_none():
    for query in plan().queries:
        assert query.n_right == (1 if query.in_database else 0)
        assert query.right is None
        assert query.ignored == ()


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_all_documents_are_all_there_are(share):
    made = plan(documents=None, no_match_share=share)
    assert len(made.database) == len(MADE.originals)
    assert all(query.in_database for query in made.queries)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"documents": 5000}, "kept out of it for no-match queries.*5,000 are asked for"),
        ({"queries": 5000}, "queries with a match are asked for"),
        ({"documents": 10, "queries": 500}, "lower queries"),
        ({"documents": -3}, "at least one document"),
        ({"queries": 0}, "at least one query"),
        ({"queries": None}, "no queries of its own"),
        ({"no_match_share": 1.5}, "share from 0 to 1"),
        ({"no_match_share": -0.5}, "share from 0 to 1"),
    ],
)
def test_too_much_is_refused_with_the_remedy(changes, message):
    with pytest.raises(DatasetError, match=message):
        plan(**changes)


def test_too_few_scenes_for_no_match_queries():
    class OneScene(MadeCollection):
        def __init__(self) -> None:
            super().__init__()
            self.photographs = self.photographs[:1]

    with pytest.raises(DatasetError, match="one transform"):
        plan_queries(MADE, [], documents=5, queries=4, seed=0)
    with pytest.raises(DatasetError, match="too few"):
        plan_queries(OneScene(), TRANSFORMS, documents=5, queries=4, seed=0)


def test_one_picture_makes_no_index():
    class OnePicture(OnlyPhotographs):
        def __init__(self) -> None:
            super().__init__()
            self.originals = self.originals[:1]

    with pytest.raises(DatasetError, match=r"gives one original, .* at least two"):
        plan_queries(OnePicture(), TRANSFORMS, documents=None, queries=4)


def test_kinds():
    assert describe_original(MADE.originals[0]) == "photo"
    assert describe_original(MADE.originals[-1]) == "tile-10"


class TwoStrata(MadeCollection):
    """The first ten photographs are drawings; two pairs bring a query each."""

    def __init__(self) -> None:
        super().__init__()
        brought = [Photograph(f"q{i}", f"g{i}", "made", f"q{i}.png", "", 9, 9) for i in (11, 12)]
        originals = [Original(p.id, p.id, p.group) for p in brought]
        photographs = [*self.photographs, *brought]
        pairs = [Pair("q11", ("p11",), "small"), Pair("q12", ("p12",), "grey")]
        Collection.__init__(self, "made", photographs, [*self.originals, *originals], pairs=pairs)

    def stratum(self, photo_id: str) -> str:
        return "drawings" if int(photo_id[1:]) < 10 else "photographs"


def plan_strata(**changes):
    settings = {"documents": "rest", "queries": 80, "natural": "all", "seed": 3}
    return plan_queries(TwoStrata(), TRANSFORMS, **settings | changes)


def test_the_rest_is_whatever_is_not_held_out():
    collection, made = TwoStrata(), plan_strata(no_match_share=0.25)
    indexed = {collection.originals[i].group for i in made.database}
    outside = {p.group for p in collection.photographs} - indexed
    assert outside
    expected = [
        i
        for i, o in enumerate(collection.originals)
        if o.group in indexed and not o.photo.startswith("q")
    ]
    assert sorted(made.database) == expected


def test_made_queries_are_as_many_of_each_stratum_and_as_many_tiles_as_wholes():
    collection, made = TwoStrata(), plan_strata(no_match_share=0.0)
    asked = [collection.originals[q.original] for q in made.queries if q.origin == "made"]
    strata = Counter(collection.stratum(one.photo) for one in asked)
    assert strata == {"drawings": 40, "photographs": 40}
    photographs = [one for one in asked if collection.stratum(one.photo) == "photographs"]
    assert sum(one.box is None for one in photographs) in range(15, 26)
    scenes = Counter(one.group for one in photographs)
    assert max(scenes.values()) - min(scenes.values()) <= 1


def test_a_pair_is_a_query_whose_match_is_right_and_no_document():
    collection, made = TwoStrata(), plan_strata(documents=None, queries=0, no_match_share=0.0)
    assert [query.number for query in made.queries] == [0, 1]
    for query in made.queries:
        assert (query.origin, query.in_database, query.n_right) == ("natural", True, 1)
        assert collection.originals[query.original].photo == f"q{11 + query.number}"
        assert collection.originals[query.right[0]].id == f"p{11 + query.number}"
    assert [query.transform.id for query in made.queries] == ["small", "grey"]


@pytest.mark.parametrize(
    ("how", "called"),
    [
        ("half size", "half size"),
        ("cropped", "cropped (pairs)"),
        ("report", "report (pairs)"),
        ("jpeg-30", "jpeg-30 (pairs)"),
        ("drawings", "drawings (pairs)"),
        ("cropped (pairs)", "cropped (pairs) (pairs)"),
    ],
)
def test_no_kind_of_pairs_is_called_as_other_queries_are(how, called):
    collection = TwoStrata()
    first, second = collection.pairs
    collection.pairs = (Pair(first.query, first.matches, how), second)
    settings = {"documents": None, "queries": 0, "natural": "all", "no_match_share": 0.0}
    made = plan_queries(collection, TRANSFORMS, **settings)
    assert [query.transform.id for query in made.queries] == [called, "grey"]


def test_planted_copies_are_documents_and_right():
    planting = Planting((2, 5), 3, tuple(transform_set(["jpeg-75", "png"])))
    collection, made = TwoStrata(), plan_strata(planting=planting, natural=0)
    assert len(made.planted) == 3 * (2 + 5)
    copies = Counter(one.id for one in made.planted)
    assert sorted(copies.values()) == [2, 2, 2, 5, 5, 5]
    assert not copies.keys() & {"p11", "p12"}
    placed = [place for place in made.database if place >= len(collection.originals)]
    assert len(placed) == len(set(placed)) == 21
    for query in made.queries:
        of = collection.originals[query.original]
        planted = copies.get(of.id, 0) if query.in_database else 0
        assert query.n_right == int(query.in_database) + planted
    assert copies.keys() <= {collection.originals[q.original].id for q in made.queries}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"natural": 3}, "asks for 3 pairs, made brings 2"),
        ({"queries": 0, "natural": 0}, "at least one query"),
        ({"planting": Planting((1,), 90, tuple(TRANSFORMS))}, "90 clusters of copies"),
    ],
)
def test_more_pairs_or_clusters_than_there_are_is_refused(changes, message):
    with pytest.raises(DatasetError, match=message):
        plan_strata(**changes)
    with pytest.raises(DatasetError, match="brings no pairs"):
        plan(natural="all")
