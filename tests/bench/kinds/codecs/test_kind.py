"""A codec run at a small size: planned, run, stopped, resumed, reported, verified."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from bench.cli import cli
from bench.kinds.codecs import limit, measure, speed
from bench.kinds.codecs.config import Codecs
from bench.kinds.codecs.measure import summaries
from bench.runs.config_file import load_config
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder
from imgsig.codecs import codec_ids


def invoke(*arguments):
    return CliRunner().invoke(cli, [str(one) for one in arguments], env={"COLUMNS": "200"})


def stopped(*_):
    raise KeyboardInterrupt


@pytest.fixture(scope="module")
def ran(collection, tmp_path_factory):
    """The folder of a run that was stopped once, its config, and what the second start printed."""
    folder = tmp_path_factory.mktemp("codecs")
    config = folder / "small.yaml"
    config.write_text(f"kind: codecs\nname: small\ncollection: {collection.name}\ncrops: 12\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMGSIG_BENCH_CACHE", str(folder / "cache"))
        patch.setattr(speed, "BATCH", 30)
        patch.setattr(speed, "SECONDS", 0.0)
        boosted = limit.boosted
        patch.setattr(limit, "boosted", lambda a, b: boosted(a, b, samples=2000, trees=3))
        with pytest.MonkeyPatch.context() as midway:
            midway.setattr(measure, "time_codec", stopped)
            assert invoke("run", config, "--results", folder / "runs").exit_code == 130
            patch.setattr(measure, "model_bits", lambda crops, also: [stopped] * 6)  # is done
        result = invoke("run", config, "--results", folder / "runs")
    assert result.exit_code == 0, result.output
    (path,) = (folder / "runs").iterdir()
    return RunFolder(path), config, result.stdout


@pytest.mark.slow
def test_every_codec_is_measured(ran):
    codecs = ran[0].table("codecs")
    assert set(codecs["id"]) == set(codec_ids()) - {"none"}
    assert not codecs.isna().any().any()
    speeds = [name for name in codecs if name.endswith("_per_s")]
    assert len(speeds) == 4
    assert (codecs[speeds] > 0).all().all()
    packed = codecs[(codecs["id"] == "packed") & (codecs["strip"] == "half")].iloc[0]
    assert packed["bytes_whole"] == packed["low"] == packed["high"] == packed["largest"] == 79
    assert packed["json"] == 108


@pytest.mark.slow
def test_every_repeat_is_kept(ran):
    samples = ran[0].table("samples")
    assert set(samples["what"]) == {"encode", "decode", "encode_one", "decode_one"}
    assert samples.groupby(["codec", "what"]).size().min() >= speed.MIN_REPEATS
    assert (samples["seconds"] > 0).all()


@pytest.mark.slow
def test_the_manifest_says_on_what_and_without_an_engine(ran):
    manifest = ran[0].manifest()
    assert manifest["engine"] == {}
    assert manifest["dataset"]["held_out"]["photographs"] > 0
    assert set(manifest["seconds"]) == {"crops", "limit", "sizes", "speed", "coders"}


@pytest.mark.slow
def test_the_tables_are_printed_and_the_page_has_them(ran):
    page = (ran[0].path / "report.html").read_text()
    for word in ("order-0", "boosted trees", "context", "constriction"):
        assert word in ran[2]
        assert word in page
    assert "Elasticsearch" not in page.split("<h2>")[0]
    with Image.open(ran[0].path / "figures" / "bytes_and_speed.png") as picture:
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 20


@pytest.mark.slow
def test_it_is_planned_and_shown_again(ran):
    folder, config, _ = ran
    plan = invoke("run", config, "--plan", "--results", folder.path.parent)
    assert plan.exit_code == 0, plan.output
    assert "No index is built." in plan.stdout
    assert folder.path.name in plan.stdout  # the rates are its own
    again = invoke("run", config, "--results", folder.path.parent)
    assert "This run was finished" in again.stderr
    page = (folder.path / "report.html").read_bytes()
    assert invoke("report", folder.path).exit_code == 0
    assert (folder.path / "report.html").read_bytes() == page


@pytest.mark.slow
def test_it_holds_and_each_change_is_noticed(ran, tmp_path):
    folder = ran[0]
    result = invoke("verify", folder.path)
    assert result.exit_code == 0, result.output
    tables = {name: folder.table(name) for name in folder.manifest()["tables"]}
    tables["sizes"].loc[0, "bytes"] += 1
    tables["samples"].loc[0, "seconds"] *= 0.5
    tables["coder_samples"]["bytes"] -= 1
    for name, table in summaries(tables).items():
        changed = not table.equals(tables[name])
        assert changed == (name != "limit")
    tables["bits"].loc[0, "bits"] += 1
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(summaries(tables)["limit"], tables["limit"])


@pytest.mark.slow
def test_an_engine_is_refused(ran, tmp_path):
    config = tmp_path / "own.yaml"
    config.write_text(Path(ran[1]).read_text() + "engine: {heap: 2g}\n")
    with pytest.raises(ExperimentError, match="engine: codecs are measured without one"):
        load_config(config, Codecs)
    kept = invoke("run", ran[1], "--keep-engine")
    assert kept.exit_code == 1
    assert "leave out --keep-engine" in kept.stderr


def test_photographs_too_few_to_hold_out_are_refused(ran, tmp_path, collection):
    pictures = tmp_path / "one"
    pictures.mkdir()
    Image.open(next(Path(collection.name.removeprefix("folder:")).glob("*.png"))).save(
        pictures / "1.png"
    )
    config = tmp_path / "one.yaml"
    config.write_text(f"kind: codecs\nname: one\ncollection: folder:{pictures}\ncrops: 1\n")
    for plan in ([], ["--plan"]):
        result = invoke("run", config, "--results", tmp_path / "runs", *plan)
        assert result.exit_code == 1
        assert "too few photographs" in result.stderr


def test_models_that_would_be_called_alike_are_refused():
    for also in ([Path("a/wide.npz"), Path("b/wide.npz")], [Path("x/context.npz")]):
        with pytest.raises(ValueError, match=r"two models would be called (wide|context);"):
            Codecs(kind="codecs", name="small", also=also)
