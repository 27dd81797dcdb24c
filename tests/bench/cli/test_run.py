"""``run`` and ``report``, as a user types them."""

import json
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.runs.check import Check


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_plan_lists_variants_and_runs_nothing(tmp_path):
    config = tmp_path / "x.yaml"
    config.write_text("name: x\nmatrix: {N: [16, 32], k: [8, 10]}\n")
    result = run("run", config, "--plan", "--json", "--results", tmp_path / "results")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["indices"]) == 4
    shown = run("run", config, "--plan", "--results", tmp_path / "results").stdout
    assert "4 indices" in shown
    assert "estimates from the runs" in shown
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [("name: x\nmatrix: {K: [3]}\n", "matrix.K: unknown key"), ("name: x\n", "no variant")],
)
def test_bad_configs_are_explained_without_a_traceback(tmp_path, text, message):
    config = tmp_path / "x.yaml"
    config.write_text(text)
    result = run("run", config)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_what_the_system_refuses_is_explained(tmp_path):
    config, file = tmp_path / "x.yaml", tmp_path / "file"
    config.write_text("name: x\nmatrix: {N: [16]}\n")
    file.touch()
    result = run("run", config, "--results", file / "results")
    assert result.exit_code == 1
    assert f"{file}" in result.stderr
    assert "resumes from there" in result.stderr
    assert "Traceback" not in result.output


def test_a_run_folder_that_is_removed_again_is_told(tmp_path):
    config, results = tmp_path / "x.yaml", tmp_path / "results"
    missing = f"folder:{tmp_path / 'nowhere'}"
    config.write_text(f"name: x\ndataset: {{collection: '{missing}'}}\nmatrix: {{N: [16]}}\n")
    result = run("run", config, "--results", results)
    assert result.exit_code == 1
    said = [result.stderr.index(part) for part in ("Run folder: ", "removed again", "nowhere")]
    assert said == sorted(said)
    assert not results.exists()


def test_report_of_no_run(tmp_path):
    result = run("report", tmp_path)
    assert result.exit_code == 1
    assert "no finished run" in result.stderr


def test_the_folder_one_is_in_is_verified_by_its_name(tmp_path, monkeypatch):
    names = []

    def verified(folder, progress):
        names.append(folder.path.name)
        yield Check("all", True, "found")

    monkeypatch.setattr("bench.verify.verify_run", verified)
    monkeypatch.chdir(tmp_path)
    result = run("verify", ".")
    assert result.exit_code == 0, result.output
    assert ". holds: all 1 checks passed." in result.stdout
    assert names == [tmp_path.name]


@pytest.mark.slow
@pytest.mark.engine
def test_report_is_drawn_again_from_the_tables(finished):
    page = finished.folder.path / "report.html"
    before = page.read_bytes()
    page.unlink()
    result = run("report", finished.folder.path)
    assert result.exit_code == 0, result.output
    assert page.read_bytes() == before
    assert "made_array" in result.stdout


@pytest.mark.slow
@pytest.mark.engine
def test_json_of_a_report_is_all_of_standard_output(finished):
    result = run("report", finished.folder.path, "--json", "--quiet")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert result.stderr == ""
    variants = finished.folder.table("variants").set_index("variant")
    rows = {row["index"]: row for row in summary["indices"]}
    assert rows["made_array"]["store_bytes"] == variants.loc["made_array", "store_bytes"]
    assert rows["made_none"]["measures"]["distance"]["uAP"]["value"] is None  # nothing to rank by
    assert 0 < rows["made_array"]["measures"]["score"]["uAP"]["value"] <= 1


SMALL = """\
name: interrupted
dataset:
  collection: folder:{pictures}
  documents: 60
  tiles: [128]
  queries: 12
  transforms: [jpeg-30]
variants:
  - {{name: interrupted_none, codec: {{id: none}}}}
  - {{name: interrupted_array, codec: {{id: int_array}}}}
evaluation: {{resamples: 100}}
"""


@pytest.mark.slow
@pytest.mark.engine
def test_ctrl_c_leaves_a_run_that_goes_on(made_experiment, engine, engine_env, tmp_path):
    pictures = made_experiment(tmp_path, "unused").parent / "pictures"
    config, results = tmp_path / "small.yaml", tmp_path / "results"
    config.write_text(SMALL.format(pictures=pictures))
    env = engine_env | {"ES_URL": engine.url}
    command = [sys.executable, "-m", "bench", "run", str(config), "--results", str(results)]
    process = subprocess.Popen(
        [*command, "--json"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + 120
        while not engine.client.indices.exists(index="interrupted_none"):
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        assert process.returncode == 130, stderr
        assert stdout == ""
        assert "interrupted; repeat the command to resume" in stderr
        assert "Traceback" not in stderr
        (folder,) = results.iterdir()
        assert not (folder / "manifest.json").exists()

        again = subprocess.run(
            [*command, "--json", "--quiet"], env=env, capture_output=True, text=True, check=False
        )
        assert (again.returncode, again.stderr) == (0, "")
        rows = json.loads(again.stdout)["indices"]
        assert [row["documents"] for row in rows] == [60, 60]
        assert (folder / "manifest.json").is_file()
    finally:
        process.kill()
        process.wait()
        engine.client.indices.delete(
            index="interrupted_none,interrupted_array", ignore_unavailable=True
        )
