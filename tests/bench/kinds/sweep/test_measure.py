"""A whole sweep on the real engine, as if that were somebody's cluster."""

import json

import numpy as np
import pytest
from rich.console import Console

from bench.kinds import run as kinds_run
from bench.kinds.run import execute_run, run_folder
from bench.kinds.sweep import measure as sweep_measure
from bench.kinds.sweep.config import Sweep
from bench.runs.config_file import load_config
from bench.runs.errors import MeasurementError, RunError
from bench.runs.folder import RunFolder, read_json, write_json

CONFIG = """\
version: 1
kind: sweep
name: made-sweep
dataset:
  collection: folder:{folder}
  documents: 60
  tiles: [128]
  queries: 24
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10, blur-2]
always: [{{N: 16, k: 16}}]
grid:
  - {{N: [8, 40], k: [4, 20], alphabet: [ternary, quinary], spacing: [even, disjoint]}}
live:
  samples: [{{layout: tagged_long, schemes: 6}}, {{layout: dynamic, schemes: 1}}]
search: {{size: 10}}
evaluation: {{resamples: 100}}
"""


@pytest.fixture(scope="module")
def config(made_experiment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    made_experiment(folder, "sweep")
    path = folder / "sweep.yaml"
    path.write_text(CONFIG.format(folder=folder / "pictures"))
    return path


@pytest.fixture(scope="module")
def finished(engine, config):
    """The sweep, run in two starts: the first ends when an index disagrees with the simulator."""
    results, console = config.parent / "results", Console(stderr=True, quiet=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ES_URL", engine.url)
        # The folder's name holds a digest of the code, which may be worked on meanwhile.
        patch.setattr(kinds_run, "source_digest", lambda: "0" * 64)
        folder = run_folder(results, load_config(config, Sweep))
        with pytest.MonkeyPatch.context() as broken:

            def wrong(*arguments):
                hits = search(*arguments)
                hits.doc[0] += 1
                return hits

            search = sweep_measure.Simulator.search
            broken.setattr(sweep_measure.Simulator, "search", wrong)
            with pytest.raises(
                MeasurementError,
                match=r"index .*, query 0, rank 0: .*returned document .*instead of.*run again",
            ):
                execute_run(config, results, console)
        assert not folder.is_finished
        simulated = {
            path: path.stat().st_mtime_ns for path in (folder.work / "simulated").glob("[!.]*")
        }
        stores = list((folder.work / "live").glob("*/storage.json"))
        assert len(simulated) > 10
        assert len(stores) == 8  # of the ninth, which may be wrong, all is forgotten
        begun = read_json(folder.work / "begun_on.json")
        write_json(folder.work / "begun_on.json", begun | {"cluster_uuid": "another"})
        with pytest.raises(RunError, match=r"cluster another.*its figures would be of two engines"):
            execute_run(config, results, console)
        write_json(folder.work / "begun_on.json", begun)
        stopped = {path: read_json(path) for path in stores}
        patch.setattr(RunFolder, "discard_work", lambda self: None)
        found = execute_run(config, results, console)
        assert found.path == folder.path
        assert {path: path.stat().st_mtime_ns for path in simulated} == simulated
        assert {path: read_json(path) for path in stores} == stopped
        yield found
    for index in found.table("confirmed")["index"]:
        engine.client.indices.delete(index=index)


@pytest.mark.engine
@pytest.mark.slow
def test_every_table_and_figure_is_there(finished):
    manifest = finished.manifest()
    assert manifest["kind"] == "sweep"
    for name, entry in manifest["tables"].items():
        assert len(finished.table(name)) == entry["rows"] > 0, name
    assert {"sweep", "sizes", "size_test", "confirmed", "left_out", "pareto", "wrong_pairs"} <= set(
        manifest["tables"]
    )
    for name in ("word_grid", "pareto"):
        assert (finished.path / "figures" / f"{name}.png").stat().st_size > 1000
    json.dumps(manifest, allow_nan=False)


@pytest.mark.engine
@pytest.mark.slow
def test_a_sample_is_confirmed_and_measured(finished):
    confirmed = finished.table("confirmed")
    counts = confirmed.groupby(["layout", "codec"]).size().to_dict()
    assert counts == {
        ("tagged_long", "none"): 6,
        ("tagged_long", "context"): 1,
        ("dynamic", "none"): 2,
    }
    assert (confirmed["queries"] == 24).all()
    assert finished.manifest()["verified_hits"] == confirmed["hits"].sum() > 500
    assert (confirmed["documents"] == 60).all()
    assert set(confirmed["variant"]) >= {"63x16", "16x16"}


@pytest.mark.engine
@pytest.mark.slow
def test_all_have_quality_and_size(finished):
    points = finished.table("sweep")
    measured = points[(points["ranking"] == "score") & (points["measure"] == "uAP")]
    assert len(measured) == finished.manifest()["schemes"] == 16
    assert measured["value"].between(0.05, 1).all()
    assert set(measured["size_source"]) == {"measured", "predicted"}
    assert (measured["bytes_low"] <= measured["bytes_per_document"]).all()
    stored = points[(points["ranking"] == "distance") & (points["measure"] == "uAP")]
    extra = stored["bytes_per_document"].to_numpy() - measured["bytes_per_document"].to_numpy()
    np.testing.assert_allclose(extra, extra[0])
    assert 30 < extra[0] < 200


@pytest.mark.engine
@pytest.mark.slow
def test_a_finished_sweep_is_not_done_again(finished, config, engine, monkeypatch):
    monkeypatch.setenv("ES_URL", engine.url)
    before = (finished.path / "manifest.json").stat().st_mtime_ns
    execute_run(config, finished.path.parent, Console(quiet=True))
    assert (finished.path / "manifest.json").stat().st_mtime_ns == before


@pytest.mark.engine
@pytest.mark.slow
def test_a_folder_of_another_sweep_is_refused(config, tmp_path, monkeypatch):
    folder = run_folder(tmp_path, load_config(config, Sweep))
    folder.work.mkdir(parents=True)
    (folder.work / "config.json").write_text("{}")
    with pytest.raises(RunError, match="of another config"):
        execute_run(config, tmp_path, Console(quiet=True))
