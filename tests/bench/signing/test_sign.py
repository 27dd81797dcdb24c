"""Signing a collection."""

import contextlib
import dataclasses
import io
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from joblib import effective_n_jobs
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from bench.kinds.experiment.config import Dataset, Experiment
from bench.report.gallery import write_thumbnails
from bench.runs.config_file import load_config
from bench.runs.errors import MeasurementError
from bench.signing.sign import Signed, choose, load_or_sign
from datasets import DatasetError
from imgsig import generate_signature


@pytest.fixture(scope="module")
def experiment(made_experiment, tmp_path_factory):
    return load_config(made_experiment(tmp_path_factory.mktemp("sign"), "sign"), Experiment)


@pytest.fixture(scope="module")
def signed(experiment, tmp_path_factory) -> Signed:
    return load_or_sign(
        experiment.dataset, tmp_path_factory.mktemp("signed"), Progress(disable=True)
    )


def test_rows_and_signatures_belong_together(signed):
    assert len(signed.documents) == len(signed.database) == 60
    assert len(signed.queries) == len(signed.query_signatures) == 24
    assert signed.documents["doc"].tolist() == list(range(60))
    assert signed.queries["query"].tolist() == list(range(24))
    assert (signed.queries["in_database"] == (signed.queries["doc"] >= 0)).all()


def test_pictures_of_a_folder_keep_their_paths(signed):
    assert (signed.documents["path"] == signed.documents["original"]).all()
    assert signed.paths == signed.documents["original"].tolist()
    numbered = dataclasses.replace(signed, description={"collection": "photos"})
    assert numbered.paths is None


def test_whole_photographs_are_signed_as_their_files(signed, experiment):
    folder = experiment.dataset.collection.removeprefix("folder:")
    whole = signed.documents[signed.documents["kind"] == "photo"]
    assert len(whole) >= 9
    for row in whole.itertuples():
        expected = generate_signature(f"{folder}/{row.photo}")
        np.testing.assert_array_equal(signed.database[row.doc], expected)


def test_relations_of_queries_to_documents(signed):
    queries, documents = np.indices((24, 60)).reshape(2, -1)
    relation = signed.relations(queries, documents).reshape(24, 60)
    for query in signed.queries.itertuples():
        right = np.flatnonzero(relation[query.query] == "right").tolist()
        assert right == ([query.doc] if query.in_database else [])
        photos = signed.documents["photo"].to_numpy()
        elsewhere = relation[query.query][photos != query.photo]
        assert set(elsewhere) <= {"wrong"}


def test_an_edited_copy_has_one_right_answer_or_none(signed):
    assert signed.listed is None
    assert (signed.queries["n_right"] == signed.queries["in_database"].astype(int)).all()


def test_an_earlier_result_is_loaded(experiment, signed, tmp_path):
    first = load_or_sign(experiment.dataset, tmp_path, Progress(disable=True))
    (tmp_path / "database.npy").write_bytes((tmp_path / "query_signatures.npy").read_bytes())
    again = load_or_sign(experiment.dataset, tmp_path, Progress(disable=True))
    assert len(first.database) == 60
    assert len(again.database) == 24  # what is there is taken, nothing is signed again


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """A cache folder of its own, in which nothing was signed."""
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "signatures"


def entries(folder):
    """Entries of a cache; one that is written again is another file."""
    return {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def assert_same(one: Signed, other: Signed) -> None:
    np.testing.assert_array_equal(one.database, other.database)
    np.testing.assert_array_equal(one.query_signatures, other.query_signatures)
    pd.testing.assert_frame_equal(one.documents, other.documents)
    pd.testing.assert_frame_equal(one.queries, other.queries)
    assert one.description == other.description


@pytest.mark.slow
def test_signing_is_the_same_every_time(experiment, signed, empty_cache, tmp_path):
    assert_same(
        load_or_sign(experiment.dataset, tmp_path / "signed", Progress(disable=True)), signed
    )
    assert entries(empty_cache)


class Killing(Progress):
    """Kills the workers when the first picture is signed."""

    def advance(self, task_id, advance=1):
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # of the last time
                if "loky.backend.popen" in " ".join(child.cmdline()):
                    child.kill()


@pytest.mark.slow
@pytest.mark.skipif(effective_n_jobs(-1) == 1, reason="needs two cores: one has no workers")
def test_a_killed_worker_is_said_and_the_next_start_signs_the_same(
    experiment, signed, empty_cache, tmp_path
):
    with pytest.raises(DatasetError, match=r"a worker process died .*SIGKILL.*LOKY_MAX_CPU_COUNT"):
        load_or_sign(experiment.dataset, tmp_path / "signed", Killing(disable=True))
    assert not (tmp_path / "signed" / "description.json").exists()
    assert_same(
        load_or_sign(experiment.dataset, tmp_path / "signed", Progress(disable=True)), signed
    )


@pytest.mark.slow
def test_another_run_signs_nothing_but_what_has_changed(empty_cache, made_experiment, tmp_path):
    """Written anew is what is signed, in whatever process that is."""
    made = load_config(made_experiment(tmp_path / "made", "again"), Experiment)
    first = load_or_sign(made.dataset, tmp_path / "first", Progress(disable=True))
    written = entries(empty_cache)
    photographs = set(first.documents["photo"]) | set(first.queries["photo"])
    assert len(photographs) <= len(written) <= 2 * len(photographs)
    other = made.model_copy(update={"name": "other", "variants": made.variants[:1]})
    again = load_or_sign(other.dataset, tmp_path / "second", Progress(disable=True))
    assert entries(empty_cache) == written
    assert_same(again, first)
    picture = tmp_path / "made" / "pictures" / "chelsea.png"
    with Image.open(picture) as opened:
        opened.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(picture)
    changed = load_or_sign(made.dataset, tmp_path / "third", Progress(disable=True))
    new = set(entries(empty_cache)) - set(written)
    assert 1 <= len(new) <= 2
    assert entries(empty_cache).items() >= written.items()
    row = changed.documents[changed.documents["original"] == "chelsea.png"].iloc[0]
    np.testing.assert_array_equal(changed.database[row["doc"]], generate_signature(str(picture)))


def test_unreadable_files_are_told(signed):
    assert [file["file"] for file in signed.description["unreadable"]] == ["damaged.png"]


@pytest.mark.slow
def test_pictures_that_are_gone_or_others_are_told_and_what_was_signed_stays(
    made_experiment, tmp_path
):
    config = made_experiment(tmp_path / "made", "resumed")
    said = io.StringIO()
    progress = Progress(console=Console(file=said, width=500), disable=True)
    dataset = load_config(config, Experiment).dataset
    first = load_or_sign(dataset, tmp_path / "signed", progress, searches=True)
    assert "1 file cannot be read as pictures and is left out: damaged.png;" in said.getvalue()
    assert "10 of the 12 pictures are in the database; 2 others are searched" in said.getvalue()
    assert "changed" not in said.getvalue()
    (config.parent / "pictures" / "chelsea.png").unlink()
    assert_same(load_or_sign(dataset, tmp_path / "signed", progress, searches=True), first)
    assert "continues with the pictures it has signed" in said.getvalue()
    assert "have changed since they were signed (12 then, 11 now)" in said.getvalue()
    gallery = pd.DataFrame({"query": [0], "doc": [0]})
    with pytest.raises(DatasetError, match="have changed since they were signed"):
        write_thumbnails(gallery, first, dataset, tmp_path)
    shutil.rmtree(config.parent / "pictures")
    assert_same(load_or_sign(dataset, tmp_path / "signed", progress, searches=True), first)
    assert "cannot be opened any more: there is no folder" in said.getvalue()


def test_all_pictures_and_queries_without_a_match_exclude_each_other(made_experiment, tmp_path):
    made = load_config(made_experiment(tmp_path, "all"), Experiment)
    every = {"documents": None, "tiles": None, "transforms": "everyday"}
    asked = Dataset(**made.dataset.model_dump() | every)
    with pytest.raises(DatasetError, match=r"no_match_share: 0\.25 has none"):
        choose(asked)
    collection, plan = choose(Dataset(collection=asked.collection, queries=100, **every))
    assert len(plan.database) == len(collection.photographs) == 12
    assert all(query.in_database for query in plan.queries)


#: Files of each benchmark, in its own layout; pictures of the same scene have the same letter.
BENCHMARKS = {
    "copydays": {
        **{"original/200000.jpg": "a", "original/200100.jpg": "b", "original/200200.jpg": "c"},
        **{f"jpegqual/75/2{block}00.jpg": "a" for block in ("000", "001", "002")},
        **{"strong/200001.jpg": "a", "strong/200101.jpg": "b", "strong/200102.jpg": "b"},
        **{"distractors/d.png": "d", "distractors/e.png": "e"},
    },
    "holidays": {
        **{"jpg/100000.jpg": "a", "jpg/100001.jpg": "a", "jpg/100002.jpg": "a"},
        **{"jpg/100100.jpg": "b", "jpg/100101.jpg": "b", "distractors/d.png": "d"},
    },
    "ukbench": {f"full/ukbench{number:05}.jpg": "ab"[number // 4] for number in range(8)},
    "disc21": {
        **{f"references/R00000{digit}.jpg": "abcd"[digit] for digit in range(4)},
        **{f"queries/Q0000{digit}.jpg": "bxay"[digit] for digit in range(4)},
    },
}
GROUND_TRUTH = "query_id,reference_id\nQ00000,R000001\nQ00001,\nQ00002,R000000\nQ00003,\n"


def write_benchmark(name: str, folder) -> None:
    for number, (file, scene) in enumerate(BENCHMARKS[name].items()):
        pixels = np.random.default_rng(ord(scene)).integers(0, 200, (9, 12, 3), dtype=np.uint8)
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels + np.uint8(number)).resize((96, 72)).save(folder / file)
    if name == "disc21":
        (folder / "dev_queries_groundtruth.csv").write_text(GROUND_TRUTH)


def of_benchmark(name: str, folder, **dataset) -> Experiment:
    settings = {"collection": f"{name}:{folder}", "documents": None} | dataset
    return Experiment.model_validate(
        {"name": name, "dataset": settings, "variants": [{"name": "x", "codec": {"id": "none"}}]}
    )


def sign_benchmark(name: str, folder, **dataset) -> Signed:
    experiment = of_benchmark(name, folder, **dataset)
    return load_or_sign(experiment.dataset, folder / "signed", Progress(disable=True))


def related(signed: Signed) -> pd.DataFrame:
    """Relation of every query, by the name of its picture, to every document, by its name."""
    indexed = signed.documents[signed.documents["doc"] >= 0].sort_values("doc")
    shape = (len(signed.queries), len(indexed))
    queries, documents = np.indices(shape).reshape(2, -1)
    relation = signed.relations(queries, documents).reshape(shape)
    return pd.DataFrame(relation, signed.queries["photo"], indexed["photo"].tolist())


def expected_relation(name: str, query: str, document: str) -> str:
    """By hand, from the names of the files."""
    number, found = Path(query).name, Path(document).name
    if document.startswith("distractors"):
        return "wrong"
    if name == "copydays":
        return "right" if number[:4] == found[:4] else "wrong"
    if name == "holidays":
        same = "ignored" if number == found else "right"
        return same if number[:4] == found[:4] else "wrong"
    if name == "ukbench":
        return "right" if int(number[7:12]) // 4 == int(found[7:12]) // 4 else "wrong"
    pairs = {("Q00000.jpg", "R000001.jpg"), ("Q00002.jpg", "R000000.jpg")}
    return "right" if (number, found) in pairs else "wrong"


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_is_signed_with_its_own_queries(name, tmp_path):
    write_benchmark(name, tmp_path)
    signed = sign_benchmark(name, tmp_path)
    table = related(signed)
    n_queries, n_documents = {
        "copydays": (6, 5),
        "holidays": (2, 6),
        "ukbench": (8, 8),
        "disc21": (4, 4),
    }[name]
    assert table.shape == (n_queries, n_documents)
    for query, row in table.iterrows():
        for document, relation in row.items():
            assert relation == expected_relation(name, query, document), (query, document)
    right = (table == "right").to_numpy()
    queries = signed.queries
    assert queries["n_right"].tolist() == right.sum(axis=1).tolist()
    assert queries["in_database"].tolist() == right.any(axis=1).tolist()
    for query, found in zip(queries.itertuples(), right, strict=True):
        assert found[query.doc] if query.in_database else query.doc == -1
        expected = generate_signature(str(tmp_path / query.photo))
        np.testing.assert_array_equal(signed.query_signatures[query.query], expected)
    for document in signed.documents.itertuples():
        expected = generate_signature(str(tmp_path / document.photo))
        np.testing.assert_array_equal(signed.database[document.doc], expected)
    assert len(queries[["group", "half"]].drop_duplicates()) == len(set(queries["group"]))
    assert signed.description["no_match_queries"] == (2 if name == "disc21" else 0)
    again = load_or_sign(
        of_benchmark(name, tmp_path).dataset, tmp_path / "signed", Progress(disable=True)
    )
    pd.testing.assert_frame_equal(related(again), table)


@pytest.mark.slow
def test_pictures_of_a_benchmark_that_cannot_be_read_are_misses(tmp_path):
    write_benchmark("holidays", tmp_path)
    damaged = (tmp_path / "jpg/100001.jpg").read_bytes()[:200]
    (tmp_path / "jpg/100001.jpg").write_bytes(damaged)  # right for the first query
    (tmp_path / "jpg/100100.jpg").unlink()  # the second query
    (tmp_path / "jpg/100100.jpg").symlink_to(tmp_path / "nowhere.jpg")
    signed = sign_benchmark("holidays", tmp_path)
    failed = signed.documents[signed.documents["status"] == "failed"].set_index("photo")["reason"]
    assert set(failed.index) == {"jpg/100001.jpg", "jpg/100100.jpg"}
    assert "cannot be decoded" in failed["jpg/100001.jpg"]
    assert failed["jpg/100100.jpg"] == "the file cannot be read: No such file or directory"
    queries = signed.queries.set_index("photo")
    assert queries["status"].to_dict() == {"jpg/100000.jpg": "ok", "jpg/100100.jpg": "failed"}
    assert queries["n_right"].to_dict() == {"jpg/100000.jpg": 2, "jpg/100100.jpg": 1}
    first = related(signed).loc["jpg/100000.jpg"]
    assert first[first == "right"].index.tolist() == ["jpg/100002.jpg"]
    assert signed.documents.set_index("doc")["photo"][queries["doc"].iloc[0]] == "jpg/100002.jpg"
    assert signed.description["documents_failed"] == 2
    assert signed.description["queries_failed"] == 1


@pytest.mark.slow
def test_where_no_query_can_be_signed_nothing_is_searched_for(tmp_path):
    write_benchmark("disc21", tmp_path)
    for path in (tmp_path / "queries").iterdir():
        path.write_bytes(path.read_bytes()[:200])
    dataset, folder = of_benchmark("disc21", tmp_path).dataset, tmp_path / "signed"
    said = r"no query could be signed, of 4; the first: .*cannot be decoded"
    with pytest.raises(MeasurementError, match=said):
        load_or_sign(dataset, folder, Progress(disable=True), searches=True)
    assert not folder.exists()  # the next start says so too
    assert load_or_sign(dataset, folder, Progress(disable=True)).description["queries_failed"] == 4


@pytest.mark.slow
def test_limits_of_a_benchmark_keep_right_answers(tmp_path):
    write_benchmark("ukbench", tmp_path)
    signed = sign_benchmark("ukbench", tmp_path, documents=10, queries=1)
    assert signed.queries["n_right"].tolist() == [4]
    assert (related(signed) == "right").to_numpy().sum() == 4


@pytest.mark.parametrize("key", ["transforms", "no_match_share"])
def test_a_benchmark_takes_no_edits(key, tmp_path):
    write_benchmark("disc21", tmp_path)
    value = {"transforms": "quick", "no_match_share": 0.2}[key]
    with pytest.raises(DatasetError, match=f"brings queries of its own.*remove {key}"):
        sign_benchmark("disc21", tmp_path, **{key: value})
