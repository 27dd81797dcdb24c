"""Whole runs on the real engine: complete, resumed after a kill, and on somebody's cluster."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from click.testing import CliRunner
from PIL import Image

from bench.cli import cli
from bench.engine.folder import place
from bench.evaluate.outputs import TABLES
from bench.kinds import run as bench_run
from bench.kinds.experiment.config import Experiment
from bench.runs.config_file import load_config
from bench.runs.folder import RunFolder, read_json, write_json
from datasets.cache import cache_dir
from datasets.transforms import get_transform
from imgsig import generate_signature, get_words, normalized_distance
from tests.faults.planted import files_with, written_forms

pytestmark = pytest.mark.engine

#: Tables that hold no times, and so must be the same however a run came about.
SAME = ("documents", "queries", "candidates", "cut", "gallery", *TABLES)
#: Tables of times.
TIMES = ("timings", "search_cost", "index_cost", "search_samples", "index_samples")


def test_every_table_and_figure_is_there(finished):
    folder, output = finished.folder, finished.stdout
    manifest = folder.manifest()
    assert set(manifest["tables"]) == {*SAME, *TIMES, "variants", "fields"}
    for name, entry in manifest["tables"].items():
        assert len(folder.table(name)) == entry["rows"] > 0
    for name in ("bytes_per_document", "precision_recall", "recall_by_transform"):
        for kind in ("png", "svg", "csv"):
            assert (folder.path / "figures" / f"{name}.{kind}").stat().st_size > 100
    assert "made_array" in output
    assert "report.html" in output
    assert not folder.work.exists()
    settled = read_json(folder.path / "indices" / "made_array.json")
    assert settled["lease_wait_seconds"] >= 0
    assert settled["mappings"]["properties"]["simple_word_0"] == {"type": "long"}
    assert manifest["engine"]["kind"] == "external"
    assert manifest["dataset"]["unreadable"][0]["file"] == "damaged.png"


def test_the_password_it_was_given_is_in_none_of_its_files(finished):
    assert files_with(written_forms(finished.password), finished.folder.path) == []
    assert finished.password not in finished.output


def test_variants_are_measured(finished):
    variants = finished.folder.table("variants").set_index("variant")
    assert (variants["documents"] == 60).all()
    assert (variants["segments"] == 1).all()
    sizes = variants["bytes_per_document"]
    assert sizes["made_array"] > sizes["made_none"] > 0
    assert (variants["store_bytes"] == (sizes * 60).round()).all()
    assert variants.loc["made_none", "stored_json_bytes"] == 0
    assert variants["stored_json_bytes"].max() > 1000


def test_indices_that_find_the_same_are_evaluated_once(finished):
    folder = finished.folder
    ranks_as = folder.table("variants").set_index("variant")["ranks_as"]
    assert ranks_as["made_column"] == ranks_as["made_array"] == "made_array"
    assert ranks_as["made_none"] == "made_none"
    metrics = folder.table("metrics")
    values = {name: own["value"].to_numpy() for name, own in metrics.groupby("variant", sort=False)}
    assert list(values) == folder.table("variants")["variant"].to_list()
    np.testing.assert_array_equal(values["made_column"], values["made_array"])


def test_candidates_can_be_computed_again_from_the_pictures(finished):
    folder, config = finished.folder, finished.config
    candidates, documents = folder.table("candidates"), folder.table("documents")
    queries = folder.table("queries")
    chosen = candidates[candidates["variant"] == "made_array"]
    whole = documents[documents["kind"] == "photo"].set_index("doc")
    hits = chosen[chosen["doc"].isin(whole.index)].head(30)
    assert len(hits) > 10
    for hit in hits.itertuples():
        query = queries.set_index("query").loc[hit.query]
        with Image.open(config.parent / "pictures" / query["photo"]) as picture:
            box = (0, 0, *picture.size)
            if query["kind"] != "photo":
                box = tuple(query[["left", "upper", "right", "lower"]])
            edit = get_transform(query["transform"])
            edited = np.asarray(edit(picture.crop(box), np.random.default_rng(query["seed"])))
        signature = generate_signature(edited)
        document = generate_signature(config.parent / "pictures" / whole.loc[hit.doc, "photo"])
        assert hit.score == (get_words(signature) == get_words(document)).sum()
        assert hit.distance == normalized_distance(document, signature)[0]


def test_right_answers_are_the_originals(finished):
    folder = finished.folder
    candidates, queries = folder.table("candidates"), folder.table("queries")
    right = candidates[candidates["relation"] == "right"]
    assert set(right["variant"]) == set(folder.table("variants")["ranks_as"])
    answers = queries.set_index("query")["doc"]
    assert (answers.loc[right["query"]].to_numpy() == right["doc"].to_numpy()).all()
    no_match = set(queries.loc[~queries["in_database"], "query"])
    assert no_match
    assert not no_match & set(right["query"])


def again(finished, *options: str):
    results = str(finished.folder.path.parent)
    return CliRunner().invoke(cli, ["run", str(finished.config), "--results", results, *options])


def test_a_finished_run_is_not_done_again_and_says_so(finished, engine, monkeypatch):
    manifest = finished.folder.path / "manifest.json"
    before = manifest.stat().st_mtime_ns
    monkeypatch.setenv("ES_URL", engine.url)
    result = again(finished)
    assert result.exit_code == 0, result.output
    assert "made_array" in result.stdout
    assert "is not run again" in result.stderr
    assert f"delete {finished.folder.path} to run it again" in result.stderr
    assert manifest.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:1", "cannot be reached"),
        ("", "was measured on external Elasticsearch .* the embedded engine"),
    ],
)
def test_a_finished_run_is_not_shown_for_another_engine(finished, monkeypatch, url, message):
    monkeypatch.setenv("ES_URL", url)
    result = again(finished, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert re.search(message, result.stderr)


def test_what_to_know_of_the_pictures_is_said_everywhere(finished, engine, monkeypatch):
    monkeypatch.setenv("ES_URL", engine.url)
    summary = json.loads(again(finished, "--json", "--quiet").stdout)
    assert "1 file cannot be read as pictures" in summary["cautions"][0]
    page = (finished.folder.path / "report.html").read_text()
    for sentence in ("left out: damaged.png", "60 documents are few"):
        assert sentence in " ".join(finished.stdout.split())
        assert sentence in page


def test_keeping_the_engine_of_a_finished_run_says_what_to_do(finished, engine, monkeypatch):
    monkeypatch.setenv("ES_URL", engine.url)
    result = again(finished, "--keep-engine")
    assert result.exit_code == 0, result.output
    assert f"delete {finished.folder.path} to run it again" in result.stderr


def test_foreign_indices_stop_a_run_and_stay(engine, made_experiment, tmp_path, monkeypatch):
    client = engine.client
    client.index(index="taken_array", id="1", document={"path": "mine"}, refresh=True)
    config = made_experiment(tmp_path, "taken")
    monkeypatch.setenv("ES_URL", engine.url)
    try:
        result = CliRunner().invoke(cli, ["run", str(config), "--results", str(tmp_path / "r")])
        assert result.exit_code == 1
        assert "taken_array" in result.stderr
        assert "left untouched" in result.stderr
        assert client.get(index="taken_array", id="1")["_source"] == {"path": "mine"}
    finally:
        client.indices.delete(index="taken_array")


@pytest.mark.slow
def test_a_run_does_not_go_on_with_another_cluster(engine, made_experiment, tmp_path, monkeypatch):
    config = made_experiment(tmp_path, "elsewhere")
    monkeypatch.setenv("ES_URL", engine.url)
    monkeypatch.setattr(bench_run, "source_digest", lambda: "0" * 64)
    folder = bench_run.run_folder(tmp_path / "r", load_config(config, Experiment))
    begun = {**engine.describe(), "kind": "external", "cluster_uuid": "the-first"}
    write_json(folder.work / "begun_on.json", begun)
    result = CliRunner().invoke(cli, ["run", str(config), "--results", str(tmp_path / "r")])
    assert result.exit_code == 1
    assert "began on external Elasticsearch" in result.stderr
    assert "cluster the-first" in result.stderr
    assert not engine.client.indices.exists(index="elsewhere_array")
    assert not (folder.work / "engine.json").exists()


#: The command ``imgsig-bench``. The name of a run's folder holds a digest of the code, which may be
#: worked on while runs are killed and started again.
COMMAND = """
import os, signal
from bench.kinds import finish
from bench.kinds import run
from bench.cli import cli

run.source_digest = lambda: "0" * 64
{also}
cli()
"""
#: Killed when it has its manifest and is to remove the engine's data.
AT_ITS_END = "finish.discard = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)"


def children(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def start(config: Path, results: Path, env: dict[str, str], also: str = "") -> subprocess.Popen:
    code = COMMAND.format(also=also)
    command = [sys.executable, "-c", code, "run", str(config), "--results", str(results)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.mark.slow
def test_a_killed_run_resumes_and_ends_in_the_same_tables(finished, engine_env, tmp_path):
    undisturbed, config = finished.folder, finished.config
    results = tmp_path / "results"
    process = start(config, results, engine_env)
    deadline = time.monotonic() + 300
    # Killed as soon as the first variant is measured: everything was built, nothing searched.
    while not list(results.glob("*/work/made_array/storage.json")):
        assert process.poll() is None, process.communicate()[0].decode()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    engines = {child: child.name() for child in children(process)}
    process.send_signal(signal.SIGKILL)
    process.wait()
    (path,) = results.iterdir()
    assert not (path / "manifest.json").exists()
    measured = read_json(path / "work" / "made_array" / "storage.json")
    assert any("java" in name for name in engines.values())
    _, alive = psutil.wait_procs(list(engines), timeout=60)
    assert not alive
    process.stdout.close()

    again = start(config, results, engine_env, AT_ITS_END)
    output = again.communicate()[0].decode()
    assert again.returncode == -signal.SIGKILL, output
    folder = RunFolder(path)
    engine_data = place(folder.work / "engine", cache_dir())
    assert folder.has_manifest
    assert (engine_data / "data").is_dir()

    last = start(config, results, engine_env)
    output = last.communicate()[0].decode()
    assert last.returncode == 0, output
    assert not engine_data.exists()
    for name in SAME:
        pd.testing.assert_frame_equal(folder.table(name), undisturbed.table(name), obj=name)
    variants = folder.table("variants").set_index("variant")
    assert variants.loc["made_array", "store_bytes"] == measured["size"]["store_bytes"]
    expected = undisturbed.table("variants").set_index("variant")["store_bytes"]
    np.testing.assert_allclose(variants["store_bytes"], expected, rtol=0.01)
    assert folder.manifest()["engine"]["kind"] == "embedded"
    assert not folder.work.exists()
    assert not [c for c in psutil.Process(os.getpid()).children() if c.pid == again.pid]
