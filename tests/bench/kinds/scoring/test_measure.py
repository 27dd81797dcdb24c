"""A whole scoring run on the real engine, as if that were somebody's cluster."""

import json

import pytest
from rich.console import Console

from bench.kinds import run as kinds_run
from bench.kinds.run import execute_run
from bench.kinds.scoring import measure as scoring_measure
from bench.kinds.scoring.choice import not_worse
from bench.kinds.scoring.config import Scoring
from bench.kinds.scoring.figures import FIGURES
from bench.kinds.scoring.kind import ScoringKind
from bench.kinds.scoring.page import ranked
from bench.runs.config_file import load_config
from bench.runs.errors import MeasurementError

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.only_on("elasticsearch", reason="has no vectors of bits"),
]

CONFIG = """\
version: 1
kind: scoring
name: made-scoring
dataset: &pictures
  collection: folder:{folder}
  documents: 60
  tiles: [128]
  queries: 24
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10, blur-2]
clusters:
  <<: *pictures
  planted: {{copies: [1, 5], clusters: 2}}
variants:
  - {{name: made-tester, codec: {{id: int_array}}}}
  - {{name: made-short, k: 6, layout: keyword_column, codec: {{id: none}}}}
  - {{name: made-both, layout: vector_sign_flat, codec: {{id: context}}}}
  - {{name: made-all, N: 32, k: 7, layout: vector_sign_flat_keyword, codec: {{id: none}}}}
filters: [1, 4]
graph:
  num_candidates: [20, 40]
  variants:
    - {{name: made-flat, layout: vector_sign_flat, codec: {{id: none}}}}
    - {{name: made-graph, layout: vector_sign_hnsw_m8, codec: {{id: none}}}}
learned: [made-short]
k: [1, 3, 5]
bits: [64]
plain: [0.0, 0.3]
search: {{size: 20}}
evaluation: {{resamples: 100}}
"""


@pytest.fixture(scope="module")
def config(made_experiment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scoring")
    made_experiment(folder, "scoring")
    path = folder / "scoring.yaml"
    path.write_text(CONFIG.format(folder=folder / "pictures"))
    return path


@pytest.fixture(scope="module")
def finished(engine, config):
    """The run, in two starts: the first ends when an index disagrees with what was computed."""
    results, console = config.parent / "results", Console(stderr=True, quiet=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ES_URL", engine.url)
        patch.setattr(kinds_run, "source_digest", lambda: "0" * 64)
        with pytest.MonkeyPatch.context() as broken:
            computed = scoring_measure.Searches.list

            def wrong(self, source, scorings):
                hits = computed(self, source, scorings)
                if source.by == "idf":
                    hits.loc[0, "score"] += 1
                return hits

            broken.setattr(scoring_measure.Searches, "list", wrong)
            with pytest.raises(MeasurementError, match=r"index 'made-tester', query \d+, rank 0"):
                execute_run(config, results, console)
        yield execute_run(config, results, console)
    made = load_config(config, Scoring)
    for variant in [*made.expand(), *made.graph.expand()]:
        engine.client.indices.delete(index=variant.index_name)


def test_every_table_and_figure_is_there(finished):
    manifest = finished.manifest()
    assert manifest["kind"] == "scoring"
    for name, entry in manifest["tables"].items():
        assert len(finished.table(name)) == entry["rows"] > 0, name
    drawn = {path.stem for path in (finished.path / "figures").glob("*.png")}
    assert drawn == set(FIGURES) - {"by_part"}  # all are made of pictures of one stratum
    json.dumps(manifest, allow_nan=False)


def test_every_hit_by_count_rarity_and_bits_was_confirmed(finished):
    indices = finished.table("indices").set_index("index")
    hits = finished.table("hits").groupby("source", observed=True).size()
    for name, lists in {
        "made-tester": ["63x16 count", "63x16 idf"],
        "made-short": ["63x6 count", "63x6 idf", "63x6 position", "63x6 position_rarity"],
        "made-both": ["272 bits"],
    }.items():
        assert indices.loc[name, "verified_hits"] == hits[lists].sum() > 400
    assert finished.manifest()["verified_hits"] == indices["verified_hits"].sum()


def test_what_a_scoring_takes_is_that_of_its_index(finished):
    systems = finished.table("systems").set_index(["index", "scoring"])
    assert systems["fetched_bytes"].notna().all()
    assert (
        systems.loc[("made-tester", "distance"), "fetched_bytes"]
        > 3 * systems.loc[("made-tester", "count"), "fetched_bytes"]
    )
    size = systems["bytes_per_document"]
    assert size[("made-both", "hamming")] < size[("made-tester", "count")] / 4
    assert ("made-both", "hamming, distance") in systems.index
    assert ("made-short", "distance") not in systems.index


def test_words_narrow_bits_and_ranks_are_joined_in_one_index(finished):
    filters, systems = finished.table("filters"), finished.table("systems")
    assert set(filters["least"]) == {0, 1, 4}
    hits = filters.drop_duplicates("least").set_index("least")["hits"]
    assert hits[0] == 20 >= hits[1] > hits[4]
    kept = filters[filters["least"] == 0]
    assert (kept["difference"] == 0).all()
    assert (kept["ratio"] == 1).all()
    raw = finished.table("filter_hits").groupby("source", observed=True).size()
    all_hits = finished.table("hits").groupby("source", observed=True).size()
    own = systems[systems["index"] == "made-all"]
    assert own["source"].drop_duplicates().tolist() == [
        "272 bits",
        "32x7 count",
        "32x7 idf",
        "32x7 count + 272 bits",
    ]
    confirmed = finished.table("indices").set_index("index").loc["made-all", "verified_hits"]
    assert confirmed == raw.sum() + all_hits[own["source"].unique()].sum()
    cost = own.set_index("scoring")["fetched_bytes"]
    # Times are in answers too, in one digit or two.
    assert cost["fusion"] == pytest.approx(cost["count"] + cost["hamming"], abs=2)


def test_graphs_are_searched_beside_a_flat_scan(finished):
    table = finished.table("graph").set_index("num_candidates")
    assert table.index.tolist() == [0, 20, 40]
    assert table["index"].tolist() == ["made-flat", "made-graph", "made-graph"]
    assert table["m"].tolist() == [0, 8, 8]
    assert table["ef_construction"].tolist() == [0, 100, 100]  # what the engine takes
    assert table.loc[0, "recall"] == table.loc[0, "ratio"] == 1
    assert table["recall"].between(0.9, 1).all()
    size = finished.table("graph_indices").set_index("index")["bytes_per_document"]
    assert table["bytes_per_document"].tolist() == size[table["index"]].tolist()
    assert table["queries"].nunique() == 1


def test_page_and_verdict_follow_from_the_tables(finished):
    manifest = finished.manifest()
    sentences = ScoringKind().verdict(finished, manifest)
    better = not_worse(finished.table("systems"), finished.table("scorings"))
    least = better[better["bytes_per_document"] < 2000]
    if len(least):
        assert least["index"].iloc[0] in sentences[0]
        assert ranked(least["scoring"].iloc[0], int(least["k"].iloc[0])) in sentences[0]
    else:
        assert sentences[0].startswith("Store what made-tester stores")
    assert any(one.startswith("As a probability") for one in sentences)
    page = (finished.path / "report.html").read_text(encoding="utf-8")
    assert "What if there are many copies?" in page


def test_all_follows_from_the_raw_rows(finished, config):
    manifest = finished.manifest()
    tables = {name: finished.table(name) for name in manifest["tables"]}
    kind = ScoringKind()
    # One of them is spoilt, so that one pass shows both.
    tables["tuned"] = tables["tuned"].assign(k=tables["tuned"]["k"] + 1)
    checks = kind.recompute(load_config(config, Scoring), tables, manifest, None)
    holds = {check.name: check.holds for check in checks}
    assert holds.pop("tuned follows from the raw rows") is False
    assert set(holds) == {
        "graph follows from the raw rows",
        "filters follows from the raw rows",
        "filtered lists are of documents that share words",
        "graphs were searched beside a flat scan that found all",
        "the engine confirmed every list",
        "scorings follows from the raw rows",
        "clusters follows from the raw rows",
        "calibrated follows from the raw rows",
        "calibration follows from the raw rows",
        "cutoffs follows from the raw rows",
    }
    assert all(holds.values())
