"""Everything from crops to table and figure, at a small size."""

import io
import json

import pandas as pd
import pytest
from PIL import Image
from rich.console import Console

from bench.kinds.codecs import limit, results, speed
from imgsig.codecs import codec_ids

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def written(crops, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speed, "BATCH", 30)
        patch.setattr(speed, "SECONDS", 0.0)
        boosted = limit.boosted
        patch.setattr(limit, "boosted", lambda a, b: boosted(a, b, samples=2000, trees=3))
        return folder, results.write_results(folder, crops, {"collection": "made"})


def test_every_codec_is_measured(written):
    codecs = written[1].codecs
    assert set(codecs["id"]) == set(codec_ids()) - {"none"}
    assert not codecs.isna().any().any()
    speeds = [name for name in codecs if name.endswith("_per_s")]
    assert len(speeds) == 4
    assert (codecs[speeds] > 0).all().all()
    packed = codecs[(codecs["id"] == "packed") & (codecs["strip"] == "half")].iloc[0]
    assert packed["bytes_whole"] == packed["low"] == packed["high"] == packed["largest"] == 79
    assert packed["json"] == 108


def test_tables_are_those_returned(written):
    folder, returned = written
    for name in ("codecs", "limit", "coders"):
        pd.testing.assert_frame_equal(
            pd.read_csv(folder / f"{name}.csv", keep_default_na=False),
            getattr(returned, name),
            check_dtype=False,
        )


def test_every_repeat_is_kept(written):
    samples = pd.read_parquet(written[0] / "samples.parquet")
    assert set(samples["what"]) == {"encode", "decode", "encode_one", "decode_one"}
    assert samples.groupby(["codec", "what"]).size().min() >= speed.MIN_REPEATS
    assert (samples["seconds"] > 0).all()


def test_manifest_says_on_what_and_with_what(written):
    manifest = json.loads((written[0] / "manifest.json").read_text())
    assert manifest["settings"]["collection"] == "made"
    assert manifest["held_out"]["photographs"] > 0
    assert manifest["machine"]["packages"]["numpy"]


def test_figure_is_drawn(written):
    with Image.open(written[0] / "bytes-and-speed.png") as picture:
        assert picture.size[0] > 1000
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 20
    assert (written[0] / "bytes-and-speed.svg").read_text().startswith("<?xml")


def test_tables_are_printed(written):
    console = Console(file=io.StringIO(), width=200)
    results.print_results(written[1], console)
    text = console.file.getvalue()
    for word in ("order-0", "boosted trees", "context", "constriction", "× limit"):
        assert word in text
