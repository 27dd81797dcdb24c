"""Results on published benchmarks, in the form of their papers."""

import io
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image
from rich.console import Console

from bench.cli import cli
from bench.kinds.experiment.config import Experiment
from bench.report.published import (
    NS_SCORE,
    REPORTED,
    columns,
    ns_score,
    paper_rows,
    print_papers,
)
from bench.runs.config_file import load_config
from bench.runs.folder import RunFolder
from datasets.published import BENCHMARKS
from tests.shared import credentials

CONFIGS = Path(__file__).parents[3] / "bench" / "configs" / "published"


def hits(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["query", "score", "distance", "relation"])


def test_the_ns_score_counts_the_first_four():
    own = [(0, 63 - n, n / 10, "right" if n in (0, 2, 4, 5) else "wrong") for n in range(8)]
    assert ns_score(hits(*own), "score", 1) == 2
    assert ns_score(hits(*own), "distance", 1) == 2
    assert ns_score(hits(*own), "score", 2) == 1  # the other query found nothing


def test_hits_of_equal_value_are_among_the_first_four_by_chance():
    rows = [(0, 9, 0.1, "right"), (0, 8, 0.2, "right"), (0, 8, 0.2, "right")]
    tied = [(0, 5, 0.5, "right"), (0, 5, 0.5, "wrong"), (0, 5, 0.5, "wrong")]
    assert ns_score(hits(*rows, *tied), "score", 1) == pytest.approx(3 + 1 / 3)


def metrics(measure: str, *rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["ranking", "transform", "value"])
    return table.assign(variant="v", measure=measure, tie="expected", low=0.0, high=1.0, n=50)


def run(collection: str, **tables: pd.DataFrame):
    return SimpleNamespace(table=tables.__getitem__), {"dataset": {"collection": collection}}


def test_copies_of_a_kind_are_one_column():
    table = metrics(
        "mAP",
        ("score", "all", 0.1),
        ("score", "jpeg/75", 0.9),
        ("score", "jpeg/3", 0.5),
        ("score", "strong", 0.2),
        ("sign_distance", "strong", 0.3),
    )
    folder, manifest = run("copydays:x", metrics=table)
    ours, dino = paper_rows(folder, manifest)
    assert ours.name == "v by score"
    assert ours.figures == {"mAP, JPEG": pytest.approx(0.7), "mAP, strong": 0.2}
    assert dino.figures == {"mAP, strong": 0.858}
    printed = io.StringIO()
    print_papers([ours, dino], Console(file=printed, width=120))
    assert columns([ours, dino]) == ["mAP, JPEG", "mAP, strong"]
    assert "0.858" in printed.getvalue()
    assert "this run" in printed.getvalue()


def test_each_benchmark_has_its_measures():
    told = metrics("mAP", ("score", "all", 0.4))
    pool = pd.concat(
        [metrics("uAP", ("distance", "all", 0.3)), metrics("R@P90", ("distance", "all", 0.2))]
    )
    candidates = hits((0, 9, 0.1, "right")).assign(variant="v")
    variants = pd.DataFrame({"variant": ["v"], "ranks_as": ["v"]})
    for name, table, expected in (
        ("holidays", told, {"mAP": 0.4}),
        ("disc21-dev", pool, {"uAP": 0.3, "R@P90": 0.2}),
        ("ukbench", told, {NS_SCORE: 0.5}),
    ):
        queries = pd.DataFrame(index=range(2))
        tables = {"metrics": table, "candidates": candidates, "variants": variants}
        folder, manifest = run(f"{name}:x", queries=queries, **tables)
        assert paper_rows(folder, manifest)[0].figures == expected
    assert set(REPORTED) == set(BENCHMARKS)


def test_an_index_with_the_hits_of_another_has_its_ns_score():
    told = metrics("mAP", ("score", "all", 0.4))
    folder, manifest = run(
        "ukbench:x",
        metrics=pd.concat([told, told.assign(variant="same")]),
        variants=pd.DataFrame({"variant": ["v", "same"], "ranks_as": "v"}),
        candidates=hits((0, 9, 0.1, "right"), (0, 8, 0.1, "right")).assign(variant="v"),
        queries=pd.DataFrame(index=range(2)),
    )
    first, same = paper_rows(folder, manifest)
    assert first.name == "v by score"
    assert same.name == "same by score"
    assert first.figures == same.figures == {NS_SCORE: 1.0}


def test_what_is_reported_says_where():
    for systems in REPORTED.values():
        assert all(one.source and one.figures for one in systems)


def test_other_collections_have_no_such_table():
    folder, manifest = run("photos")
    assert paper_rows(folder, manifest) == []


def test_each_benchmark_has_a_config():
    found = {path.stem: load_config(path, Experiment) for path in CONFIGS.glob("*.yaml")}
    assert set(found) == set(BENCHMARKS)
    for name, config in found.items():
        assert config.name == name
        assert config.dataset.collection.startswith(f"{name}:published/")
        assert config.dataset.documents is config.dataset.queries is None


@pytest.mark.slow
@pytest.mark.engine
def test_from_folders_as_published_to_the_table(engine, tmp_path, monkeypatch):
    """DISC21's subset with all its names; some are signed, searched for and evaluated."""
    count, root = 4991, tmp_path / "published" / "disc21"
    numbers = [(3 + 10 * n, 999_999 - 200 * n) for n in range(count)]
    for folder in ("dev_queries_50k_0", "refs_50k_0", "refs_50k_19", "list_files"):
        (root / folder).mkdir(parents=True)
    rng = np.random.default_rng(0)
    for query, reference in numbers:
        pixels = rng.integers(0, 200, (6, 8, 3), dtype=np.uint8)
        for path, added in (
            (root / f"dev_queries_50k_0/Q{query:05}.jpg", 20),
            (root / f"refs_50k_{0 if reference < 500_000 else 19}/R{reference:06}.jpg", 0),
        ):
            Image.fromarray(pixels + np.uint8(added)).save(path)
    rows = "".join(f"Q{query:05},R{reference:06}\n" for query, reference in numbers)
    (root / "list_files/subset_1_ground_truth.csv").write_text(f"query_id,reference_id\n{rows}")
    text = (CONFIGS / "disc21-dev.yaml").read_text()
    text = text.replace("documents: null", "documents: 60").replace("queries: null", "queries: 40")
    text = re.sub(r"  - \{name: disc21-dev_small.*\n", "", text)  # its lease takes half a minute
    (tmp_path / "disc21-dev.yaml").write_text(f"{text}evaluation: {{resamples: 100}}\n")
    user, password = credentials(engine.url)
    for name, value in (("URL", engine.url), ("USER", user), ("PASSWORD", password)):
        monkeypatch.setenv(f"ES_{name}", value)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["run", "disc21-dev.yaml", "--results", "results"])
    assert done.exit_code == 0, done.output
    (path,) = (tmp_path / "results").iterdir()
    manifest = RunFolder(path).manifest()
    assert manifest["dataset"]["photographs"] == 2 * count
    ours, *reported = paper_rows(RunFolder(path), manifest)
    assert ours.name == "disc21-dev_tester by score"
    assert 0.9 < ours.figures["uAP"] <= 1
    assert reported[-1].name == "MultiGrain"
    assert "isc2021" in done.stdout
    assert "As the papers have it" in (path / "report.html").read_text()
    engine.client.indices.delete(index="disc21-dev_tester", ignore_unavailable=True)
