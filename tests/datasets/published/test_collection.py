"""A benchmark as a collection, and its plan."""

import os
import pickle
import shutil
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import DatasetError, open_collection
from datasets.published import BENCHMARKS
from datasets.published.collection import PublishedCollection, PublishedQuery, plan_published
from datasets.published.tree import File, FileLayout, Tree
from datasets.queries import Label

FILES = ("jpg/100000.jpg", "jpg/100001.jpg", "distractors/a.jpg")


@pytest.fixture
def root(write):
    return write(*FILES)


def test_a_specification_opens_it(root):
    collection = open_collection(f"holidays:{root}")
    assert collection.name == f"holidays:{root}"
    assert [original.id for original in collection.originals] == list(FILES)
    assert collection.photograph("jpg/100001.jpg").source == "holidays"


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_folder_that_is_not_there_and_tiles_are_refused(name):
    with pytest.raises(DatasetError, match=f"{name}: there is no folder /no/such/place"):
        open_collection(f"{name}:/no/such/place")
    with pytest.raises(DatasetError, match="without tiles"):
        open_collection(f"{name}:/no/such/place", tiles=[96])
    with pytest.raises(DatasetError, match=f"or '{name}:PATH'"):
        open_collection(f"{name}:")


def test_workers_open_pictures_without_the_list_of_them(root):
    collection = open_collection(f"holidays:{root}")
    sent = pickle.dumps(collection.pictures())
    assert b"100001" not in sent
    pictures = pickle.loads(sent)  # noqa: S301 - our own bytes
    data = (root / "jpg/100001.jpg").read_bytes()
    assert pictures.read_bytes("jpg/100001.jpg") == collection.read_bytes("jpg/100001.jpg") == data
    assert pictures.open("jpg/100001.jpg").size == (8, 6)


def test_what_is_no_file_cannot_be_read(root):
    os.mkfifo(root / "jpg/100002.jpg")
    (root / "jpg/100003.jpg").symlink_to(root / "nowhere.jpg")
    collection = open_collection(f"holidays:{root}")
    assert len(collection.documents) == 5
    with pytest.raises(OSError, match="not a regular file"):
        collection.read_bytes("jpg/100002.jpg")
    with pytest.raises(FileNotFoundError):
        collection.read_bytes("jpg/100003.jpg")


def test_the_hash_is_of_names_sizes_and_ground_truth_alone(root, tmp_path):
    def digest(path):
        manifest = open_collection(f"holidays:{path}").manifest()
        assert [photo["id"] for photo in manifest["photographs"]] == list(FILES)
        return manifest["sha256"]

    copy = shutil.copytree(root, tmp_path / "copy")
    assert digest(copy) == digest(root)
    with (copy / FILES[1]).open("ab") as file:
        file.write(b"x")
    assert digest(copy) != digest(root)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> PublishedCollection:
    """Thirty groups with two right answers and three queries each, twenty queries without any."""
    tree = Tree(tmp_path_factory.mktemp("made"), FileLayout("made", "pictures", "nowhere"))
    pictures, documents, queries = {}, [], []
    for group in range(30):
        right = [File(f"r{group}-{n}", "", 1) for n in range(2)]
        asked = [File(f"q{group}-{n}", "", 1) for n in range(3)]
        pictures |= dict.fromkeys([*right, *asked], f"g{group}")
        documents += [*right, asked[0]]
        names = tuple(file.id for file in right)
        queries += [
            PublishedQuery(file.id, Label(f"edit/{n}", "edit"), names, (asked[0].id,))
            for n, file in enumerate(asked)
        ]
    for number in range(20):
        file = File(f"n{number}", "", 1)
        pictures[file] = file.id
        queries.append(PublishedQuery(file.id, Label("none", "none"), ()))
    distractors = [File(f"d{number}", "", 1) for number in range(50)]
    pictures |= {file: file.id for file in distractors}
    return PublishedCollection(tree, pictures, [*documents, *distractors], queries)


def names(made, places):
    return {made.originals[place].id for place in places}


def test_everything_is_taken_where_nothing_else_is_asked_for(made):
    plan = plan_published(made, documents=None, queries=None)
    assert names(made, plan.database) == set(made.documents)
    assert len(plan.database) == len(made.documents) == 140
    assert [made.originals[q.original].id for q in plan.queries] == [
        q.picture for q in made.queries
    ]
    assert [query.number for query in plan.queries] == list(range(110))
    for planned, query in zip(plan.queries, made.queries, strict=True):
        assert names(made, planned.right) == set(query.right)
        assert names(made, planned.ignored) == set(query.ignored)
        assert planned.n_right == len(query.right)
        assert planned.in_database == bool(query.right)
        assert planned.transform == query.label
    assert list(plan.database) != sorted(plan.database)


@given(
    documents=st.integers(180, 400) | st.none(),
    queries=st.integers(1, 200) | st.none(),
    seed=st.integers(0, 5),
)
def test_no_right_answer_is_dropped_and_no_limit_passed(made, documents, queries, seed):
    if documents is not None:
        documents -= 120  # 60 right answers at most
    plan = plan_published(made, documents=documents, queries=queries, seed=seed)
    assert plan == plan_published(made, documents=documents, queries=queries, seed=seed)
    right = {place for query in plan.queries for place in query.right}
    assert right <= set(plan.database)
    assert len(plan.database) == len(set(plan.database)) == min(documents or 140, 140)
    assert len(plan.queries) == min(queries or 110, 110)
    assert names(made, plan.database) <= set(made.documents)


def test_halves_are_of_whole_groups_and_do_not_depend_on_sizes(made):
    large = plan_published(made, documents=None, queries=None, seed=2)
    small = plan_published(made, documents=100, queries=40, seed=2)
    halves = {}
    for query in large.queries:
        halves.setdefault(made.originals[query.original].group, set()).add(query.half)
    assert all(len(found) == 1 for found in halves.values())
    for matched in (True, False):
        counted = Counter(q.half for q in large.queries if q.in_database == matched)
        assert counted["tune"] == counted["report"]
    for query in small.queries:
        assert halves[made.originals[query.original].group] == {query.half}
    other = plan_published(made, documents=None, queries=None, seed=3)
    assert [q.half for q in other.queries] != [q.half for q in large.queries]


def test_few_queries_are_of_many_groups_and_among_the_more(made):
    chosen = {}
    for count in (20, 50, 80):
        plan = plan_published(made, documents=None, queries=count, seed=1)
        chosen[count] = {query.original for query in plan.queries}
        groups = Counter(made.originals[query.original].group for query in plan.queries)
        assert len(groups) == min(count, 50)
    assert chosen[20] < chosen[50] < chosen[80]


def test_fewer_documents_are_among_the_more(made):
    plans = [plan_published(made, documents=n, queries=None) for n in (60, 61, 100, 140)]
    sets = [set(plan.database) for plan in plans]
    assert sets[0] < sets[1] < sets[2] < sets[3]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"documents": 59}, "have 60 right answers, .* documents is 59; raise documents or lower"),
        ({"documents": 0}, "documents must be at least 1"),
        ({"queries": 0}, "queries must be at least 1, or null for all; not 0"),
    ],
)
def test_impossible_sizes_are_refused_with_the_remedy(made, changes, message):
    with pytest.raises(DatasetError, match=message):
        plan_published(made, **{"documents": None, "queries": None} | changes)
