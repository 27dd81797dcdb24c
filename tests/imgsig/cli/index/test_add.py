"""``index add``, as a user types it, and what it leaves when it is stopped."""

import json
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from imgsig.cli.boundary import ExitCode


@pytest.mark.engine
def test_a_folder_is_added_once_searched_and_deleted(run, name, folder, tmp_path):
    """One way through all commands: signing starts a process, and that is what takes time."""
    assert run("create", name, "--field", "tenant=keyword", "--field", "n=integer").exit_code == 0
    own = tmp_path / "own.jsonl"
    own.write_text(json.dumps({"path": str(folder / "a.png"), "n": 7}) + "\n")
    typed = ("add", name, folder, "--metadata", "tenant=x", "--workers", 1)
    added = run(*typed, "--metadata-from", own)
    assert added.exit_code == ExitCode.FAILED
    assert f"own.jsonl has no line for 1 of the files, such as {folder}/c/c.png;" in added.stderr
    assert added.stdout == f"{name}: 2 added\n"
    assert "b.jpg: not a picture" in added.stderr
    assert "1 of 3 were not added: 1 not a picture" in added.stderr

    (folder / "b.jpg").unlink()
    again = run(*typed, "--json", "--quiet")
    assert again.exit_code == ExitCode.OK, again.output
    assert [json.loads(line)["outcome"] for line in again.stdout.splitlines()] == ["there"] * 2

    found = run("search", name, folder / "a.png", "--filter", "tenant=x", "--filter", "n=7")
    assert found.exit_code == ExitCode.OK, found.output
    assert "0.0000" in found.stdout
    assert "c.png" not in found.stdout
    sure = ("search", name, folder / "a.png", "--precision", 0.99, "--background", 3, "--json")
    (alone,) = json.loads(run(*sure).stdout)[0]["matches"]
    assert (alone["path"], alone["score"]) == (str(folder / "a.png"), 63)
    assert alone["margin"] >= 6
    unmeasured = run("search", name, folder / "a.png", "--precision", 0.5)
    assert unmeasured.exit_code == ExitCode.FAILED
    assert "no cutoff was measured of 63x6 by margin for a precision of 0.5" in unmeasured.stderr
    both = ("search", name, folder / "a.png", folder / "none.jpg", "--orientations", "all")
    turned = run(*both, "--size", 1, "--json")
    assert turned.exit_code == ExitCode.FAILED
    assert "none.jpg" in turned.stderr
    (match,) = json.loads(turned.stdout)[0]["matches"]
    assert (match["path"], match["distance"]) == (str(folder / "a.png"), 0.0)
    assert match["metadata"] == {"tenant": "x", "n": 7}

    about = json.loads(run("info", name, "--json").stdout)
    assert (about["documents"], about["aliases"]) == (2, [])
    assert about["bytes"] > 0
    assert about["identity"]["layout"] == "keyword_column"
    assert about["identity"]["words"] == {"N": 63, "k": 6}
    assert "documents  2\n" in run("info", name).stdout

    gone = run("delete", name, "no-such-id", "--path", match["path"], "--duplicates", "c")
    assert gone.exit_code == ExitCode.FAILED
    assert gone.stdout == f"{name}: 1 deleted\n"
    assert "no document with id 'no-such-id'" in gone.stderr
    assert json.loads(run("info", name, "--json").stdout)["documents"] == 1


@pytest.mark.engine
def test_what_cannot_be_added_is_refused_before_anything_is_signed(run, name, folder, tmp_path):
    missing = run("add", name, folder)
    assert missing.exit_code == ExitCode.FAILED
    assert f"there is no index '{name}'; create it" in missing.stderr
    run("create", name)
    undeclared = run("add", name, folder, "--metadata", "tenant=x")
    assert "metadata has 'tenant', which this index does not declare" in undeclared.stderr
    empty = run("add", name, tmp_path / "pictures" / "none" / "..", "--quiet")
    assert empty.exit_code == ExitCode.FAILED
    own = tmp_path / "own.jsonl"
    own.write_text('{"path": "a"}\n[]\n')
    assert (
        "own.jsonl, line 2: not a JSON object"
        in run("add", name, folder, "--metadata-from", own).stderr
    )
    own.write_text('{"path": "a"}\n{"path": "./a"}\n')
    assert (
        "own.jsonl, line 2: 'a' has a line before"
        in run("add", name, folder, "--metadata-from", own).stderr
    )
    own.write_bytes(b"\xff{}")
    assert "own.jsonl is no UTF-8" in run("add", name, folder, "--metadata-from", own).stderr
    both = ("--metadata", "a=1", "--metadata", "a.b=2")
    assert "gives 'a' a value and parts" in run("add", name, folder, *both).stderr
    for typed, code in ((("--metadata", "x"), 2), (("--metadata", "a=1", "--metadata", "a=2"), 2)):
        assert run("add", name, folder, *typed).exit_code == code


@pytest.mark.slow
@pytest.mark.engine
def test_an_interrupted_import_goes_on_where_it_was(run, name, tmp_path):
    rng = np.random.default_rng(0)
    for number in range(1000):
        levels = rng.integers(0, 256, (6, 8), dtype=np.uint8)
        Image.fromarray(levels).resize((64, 48)).save(tmp_path / f"{number}.png")
    run("create", name)
    code = "import imgsig_start; imgsig_start.imgsig()"
    typed = ["index", "add", name, str(tmp_path), "--workers", "1", "--json", "--quiet"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *typed],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as adding:
        told = [json.loads(adding.stdout.readline())["id"]]
        adding.send_signal(signal.SIGINT)
        # Not `communicate`: it does not know what was read ahead of the line.
        rest, stderr = adding.stdout.read(), adding.stderr.read()
    assert adding.returncode == ExitCode.INTERRUPTED, stderr
    assert stderr.strip() == (
        "imgsig: interrupted; what was added stays: the same command adds the rest"
    )
    told += [json.loads(line)["id"] for line in rest.splitlines()]
    assert 1 <= len(told) < 1000
    again = run(*typed[1:-2])
    assert again.exit_code == ExitCode.OK, again.output
    there = int(again.stdout.split()[3].replace(",", ""))
    assert there >= len(told)
    assert json.loads(run("info", name, "--json").stdout)["documents"] == 1000
