"""A tiny run, for real: peers, both modes, an engine, and the page."""

import shutil
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import skimage
from rich.console import Console

from bench.kinds.registry import kind_of_run
from bench.kinds.run import execute_run

pytestmark = [pytest.mark.engine, pytest.mark.slow]

CONFIG = """\
version: 1
kind: speed
name: tiny
title: A tiny run
collection: folder:{folder}
repetitions: 2
goals:
  - title: exact JPEG
    tool: exact
    ratio: 1.5
    made: [64, 48]
    photographs: [{{photo: rocket.jpg}}]
  - {{title: fast JPEG, tool: fast, photographs: [{{photo: rocket.jpg, megapixels: 2}}]}}
  - {{title: grey array, tool: "exact, array", ratio: 2, photographs: [{{photo: coffee.png}}]}}
quality:
  collection: folder:{folder}
  documents: 40
  tiles: [128]
  queries: 8
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10]
oracle: 10
pipeline:
  images: 9
  repetitions: 1
  variants:
    - {{name: {name}, codec: {{id: context}}, layout: tagged_column}}
bootstrap: {{resamples: 200}}
"""
PICTURES = ("rocket.jpg", "coffee.png", "chelsea.png", "astronaut.png", "hubble_deep_field.jpg")


@pytest.fixture(scope="module")
def run(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("speed")
    pictures = folder / "pictures"
    pictures.mkdir()
    for name in PICTURES:
        shutil.copy(Path(skimage.__file__).parent / "data" / name, pictures)
    config = folder / "speed.yaml"
    config.write_text(CONFIG.format(folder=pictures, name="speed-tiny"))
    printed = Console(file=StringIO(), width=130)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ES_URL", engine.url)
        finished = execute_run(config, folder / "results", printed)
        assert not engine.client.indices.exists(index="speed-tiny")
    kind_of_run(finished).show(finished, finished.manifest(), printed)
    return finished, printed.file.getvalue()


def test_every_file_was_timed_by_every_tool(run):
    folder, _ = run
    samples, goals = folder.table("samples"), folder.table("goals")
    assert (samples.groupby(["goal", "tool", "file"])["repetition"].nunique() == 2).all()
    assert (samples["seconds"] > 0).all()
    exact = samples[samples["goal"] == "exact JPEG"]
    assert {"image-match", "exact", "decode", "pHash"} <= set(exact["tool"])
    assert set(exact["file"]) == {"made 64×48", "rocket.jpg"}
    for row in goals.to_dict("records"):
        assert row["low"] <= row["ratio"] <= row["high"]


def test_signatures_are_image_match_s_and_the_fast_ones_nearly(run):
    folder, _ = run
    oracle, effect = folder.table("oracle"), folder.table("effect")
    assert len(oracle) == 39
    assert (oracle["different"] == 0).all()
    assert sorted(effect["photo"]) == sorted(PICTURES)
    quality = folder.table("quality")
    first = quality[(quality["documents"] == "exact") & (quality["queries"] == "exact")]
    assert first["difference"].isna().all()
    others = quality[quality["subset"] == "all"].drop(first.index, errors="ignore")
    # None of these pictures is large enough to be reduced, so the modes are the same.
    assert (effect["factor"] == 1).all()
    assert (others["difference"] == 0).all()
    assert set(quality["ranking"]) == {"score", "distance"}


def test_all_images_went_into_the_index(run):
    folder, _ = run
    loads, memory, stages = (folder.table(name) for name in ("loads", "memory", "stages"))
    assert loads["workers"].tolist() == [1, 2]
    assert (loads["images"] == 9).all()
    assert np.allclose(loads["images_per_second"], 9 / loads["seconds"])
    assert memory["pss_bytes"].max() == loads["peak_bytes"].max() > 10e6
    assert set(stages["stage"]) == {"decode", "signature", "encode", "bulk"}
    # That of the signature is a difference: of tiny pictures, beside other work, maybe below zero.
    assert (stages.loc[stages["stage"] != "signature", "seconds"] > 0).all()
    signing = stages[stages["stage"].isin(["decode", "signature"])]
    assert (signing.groupby(["variant", "decode_mode"])["seconds"].sum() > 0).all()


def test_the_page_says_what_was_done(run):
    folder, printed = run
    page = (folder.path / "report.html").read_text()
    for words in ("image-match3 1.1.3", "grey array", "pinned to one core", "off the record"):
        assert words in page
    assert "39 of 39 signatures equal" in printed
    assert "exact JPEG" in printed
    assert not folder.work.exists()
    assert (folder.path / "figures" / "pipeline_stages.png").is_file()
