import json

import numpy as np
import pytest
from click.testing import CliRunner

from imgsig.codecs.context import Context
from imgsig.codecs.context_model import ContextModel, load_model
from tools import train_codecs as command


@pytest.fixture
def run(monkeypatch, tmp_path, collection):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path / "cache"))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(command.main, [*arguments, "--collection", collection.name])
        assert done.exit_code == 0, done.output
        return done.output

    return run


@pytest.mark.slow
def test_model_is_trained_and_noted(run, tmp_path):
    out = tmp_path / "model.npz"
    few = ("model", "--crops", "12", "--neighbors", "3", "--units", "2", "--epochs", "1")
    assert "trained on" in run(*few, "--out", str(out))
    with np.load(out, allow_pickle=False) as arrays:
        before = dict(arrays)
    assert json.loads(before["note"].tobytes())["neighbors"] == 3
    assert len(ContextModel.from_arrays(before).offsets[0]) == 3
    run(*few, "--out", str(out))  # from the cached crops
    with np.load(out, allow_pickle=False) as again:
        assert again.keys() == before.keys()
        for name, array in before.items():
            np.testing.assert_array_equal(again[name], array)
    assert len(list((tmp_path / "cache" / "codecs").iterdir())) == 1


def test_dictionary_is_trained(run, tmp_path):
    out = tmp_path / "dictionary.bin"
    run("dictionary", "--crops", "80", "--out", str(out))
    assert 0 < out.stat().st_size <= 16_384


def test_the_shipped_model_says_how_it_was_made():
    with np.load(command.MODEL, allow_pickle=False) as arrays:
        note = json.loads(arrays["note"].tobytes())
    assert note["collection"] == "photos"
    assert {"seed", "epochs", "units", "neighbors", "crops", "crops_sha256"} <= note.keys()
    assert command.MODEL.stat().st_size < 500_000


def test_file_holds_model_and_note(tmp_path):
    model = load_model(Context.model_name)
    command.write_model(tmp_path / "model.npz", model, {"seed": 5})
    assert [file.name for file in tmp_path.iterdir()] == ["model.npz"]
    with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
        assert json.loads(arrays["note"].tobytes()) == {"seed": 5}
        again = ContextModel.from_arrays(dict(arrays))
    np.testing.assert_array_equal(again.bias, model.bias)
