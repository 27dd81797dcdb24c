"""A whole engine run on two engines, verified; before a release, interrupted and taken up."""

from io import StringIO

import pytest
from rich.console import Console

from bench.kinds.engines import measure
from bench.kinds.run import execute_run
from bench.runs.folder import RunFolder, read_json, write_json
from bench.verify import verify_run
from imgsig.cluster import VARIABLES

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(1800)]

CONFIG = """\
version: 1
kind: engines
name: made-engines
engines: [{{name: elasticsearch, version: 9.2.4}}, {{name: opensearch, version: 3.3.2}}]
dataset:
  collection: folder:{folder}
  documents: 60
  tiles: [128]
  queries: 12
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10]
variants:
  - {{name: made_tester, codec: {{id: int_array}}}}
  - {{name: made_column, layout: tagged_column, codec: {{id: packed, strip: half}}}}
  - {{name: made_vector, layout: vector_bit_flat, codec: {{id: context}}}}
search: {{size: 20, timed: 10}}
indexing: {{batches: 2, documents: 20}}
bootstrap: {{resamples: 100}}
engine: {{heap: 512m}}
"""
ELASTIC, OPEN = "Elasticsearch 9.2.4", "OpenSearch 3.3.2"


@pytest.fixture(scope="module")
def config(tmp_path_factory, made_experiment):
    folder = tmp_path_factory.mktemp("engines")
    made_experiment(folder, "unused")
    path = folder / "engines.yaml"
    path.write_text(CONFIG.format(folder=folder / "pictures"))
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        yield path


@pytest.fixture(scope="module")
def run(config) -> RunFolder:
    return execute_run(config, config.parent / "results", Console(file=StringIO()))


@pytest.mark.release
def test_what_was_measured_is_not_measured_again(config, tmp_path, monkeypatch):
    """Killed when both engines are measured, before they are timed; then started again."""

    def killed(*of):
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(measure._EnginesRun, "time_beside", killed)
        with pytest.raises(KeyboardInterrupt):
            execute_run(config, tmp_path, Console(file=StringIO()))
    (begun,) = tmp_path.iterdir()
    # What was measured is changed, so that it is seen whether it was measured again.
    path = begun / "work" / "engines" / "elasticsearch-9.2.4" / "made_tester" / "storage.json"
    write_json(path, read_json(path) | {"merge_seconds": 4321.0})
    indices = execute_run(config, tmp_path, Console(file=StringIO())).table("indices")
    marked = indices[indices["merge_seconds"] == 4321]
    assert list(zip(marked["engine"], marked["variant"], strict=True)) == [(ELASTIC, "made_tester")]


def test_every_engine_is_described_and_none_is_the_one(run):
    manifest = run.manifest()
    assert manifest["engine"] == {}
    names = [f"{one['name']} {one['version']}" for one in manifest["engines"]]
    assert names == ["elasticsearch 9.2.4", "opensearch 3.3.2"]
    assert not run.work.exists()


def test_what_an_engine_does_not_tell_or_hold_is_missing(run):
    sizes = run.table("sizes").set_index(["engine", "variant"])
    assert sizes.loc[(ELASTIC, "made_column"), "ghost_loaded"] > 300
    assert sizes.loc[(ELASTIC, "made_column"), "ghost_settled"] == 0
    assert sizes.loc[(ELASTIC, "made_tester"), "ghost_loaded"] == 0
    assert sizes.loc[OPEN, ["ghost_loaded", "ghost_settled"]].isna().all(axis=None)
    assert sizes.loc[(OPEN, "made_column"), "shed"] > 300
    lacking = run.table("indices").query("lacks != ''")
    assert list(zip(lacking["engine"], lacking["variant"], strict=True)) == [(OPEN, "made_vector")]
    assert "vectors of bits" in lacking["lacks"].iloc[0]


def test_hits_and_scores_are_the_same(run):
    hits = run.table("hits")
    assert list(hits["variant"]) == ["made_tester", "made_column"]
    assert (hits["hits"] > 0).all()
    assert (hits["differing_hits"] == 0).all()


def test_each_search_and_batch_went_to_both(run):
    searches, batches = run.table("search_samples"), run.table("index_samples")
    for samples, count in ((searches, 10), (batches, 2)):
        counted = samples.groupby(["variant", "measured"]).size()
        assert counted.to_dict() == {
            (variant, engine): count
            for variant in ("made_tester", "made_column")
            for engine in (ELASTIC, OPEN)
        }
    assert set(run.table("speed")["engine"]) == {OPEN}


def test_the_page_says_it_and_everything_follows_from_the_raw_rows(run):
    page = (run.path / "report.html").read_text()
    assert f"made_vector is not to be had on {OPEN}" in page
    assert f"on {ELASTIC}, {OPEN}." in page
    wrong = [check for check in verify_run(run) if not check.holds]
    assert not wrong
