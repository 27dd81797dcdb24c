"""A whole hash run on the real engine, with hashes of the real programs."""

import json

import numpy as np
import pytest
from rich.console import Console

from bench.kinds import run as kinds_run
from bench.kinds.hashes import measure as hashes_measure
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.contenders import Contender, contenders
from bench.kinds.hashes.figures import FIGURES
from bench.kinds.hashes.kind import HashesKind
from bench.kinds.run import execute_run
from bench.runs.config_file import load_config
from bench.runs.errors import MeasurementError

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.only_on("elasticsearch", reason="has no vectors of bits"),
]

CONFIG = """\
version: 1
kind: hashes
name: made-hashes
dataset:
  collection: folder:{folder}
  documents: 60
  tiles: [128]
  queries: 24
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10, blur-2]
hashes: [pHash, Marr-Hildreth, SSCD]
variants:
  - {{name: made-hash-bits, layout: vector_sign_flat, codec: {{id: none}}}}
  - {{name: made-hash-tester, codec: {{id: int_array}}}}
k: [1, 3, 5]
perception: {{collection: "folder:{folder}", stratum: "", photographs: 10}}
timed: {{searches: 20, pictures: 10}}
search: {{size: 20}}
evaluation: {{resamples: 100}}
"""
NAMES = ["made-hash-bits", "made-hash-tester", "pHash", "Marr-Hildreth", "SSCD"]


@pytest.fixture(scope="module")
def config(made_experiment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hashes")
    made_experiment(folder, "hashes")
    path = folder / "hashes.yaml"
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
            computed = Contender.hits

            def wrong(self, answers, own):
                hits = computed(self, answers, own)
                if self.name == "pHash":
                    hits.loc[0, "score"] += 1
                return hits

            broken.setattr(Contender, "hits", wrong)
            with pytest.raises(MeasurementError, match=r"index 'hash-phash', query \d+, rank 0"):
                execute_run(config, results, console)
            broken.setattr(hashes_measure.Hashing, "time", lambda *_: pytest.fail("timed again"))
        yield execute_run(config, results, console)
    for one in contenders(load_config(config, Hashes)):
        engine.client.indices.delete(index=one.variant.index_name)


def test_every_table_and_figure_is_there(finished):
    manifest = finished.manifest()
    for name, entry in manifest["tables"].items():
        assert len(finished.table(name)) == entry["rows"] > 0, name
    drawn = {path.stem for path in (finished.path / "figures").glob("*.png")}
    assert drawn == set(FIGURES)
    json.dumps(manifest, allow_nan=False)
    assert manifest["peers"]["packages"]["imagehash"]


def test_every_hit_was_confirmed_in_an_index_of_its_bits(finished):
    indices = finished.table("indices").set_index("source")
    assert list(indices.index) == NAMES
    assert indices["bits"].tolist() == [272, 0, 64, 576, 512]
    hits = finished.table("hits").groupby("source", observed=True).size()
    assert (indices["verified_hits"] == hits[indices.index]).all()
    assert (indices.loc[["pHash", "Marr-Hildreth"], "verified_hits"] == 24 * 20).all()
    bits = indices.drop("made-hash-tester")
    # What is beside the vector is the same for all.
    least = np.polyfit(bits["bits"] / 8, bits["bytes_per_document"], 1)[0]
    assert 0.9 < least < 1.2
    size = indices["bytes_per_document"]
    assert size["pHash"] < size["made-hash-bits"] < size["SSCD"] < size["made-hash-tester"]


def test_times_are_of_hashes_and_of_searches(finished):
    made = finished.table("hash_times").set_index("source")
    assert list(made.index) == [NAMES[0], *NAMES[2:]]
    assert (made["hash_ms"] > 0).all()
    assert made["times_ours"].iloc[0] == 1
    took = finished.table("search_times").set_index("source")
    assert list(took.index) == NAMES
    assert took["ratio"].iloc[0] == 1
    assert (took["searches"] == 20).all()


def test_differences_are_from_our_bits(finished):
    values = finished.table("scorings")
    assert list(dict.fromkeys(values["source"])) == NAMES
    first = values[values["source"] == NAMES[0]]
    assert (first.loc[first["rule"] == "", "difference"] == 0).all()
    ours = first[first["rule"] == ""].set_index(["part", "measure"])["value"]
    own = values[(values["source"] == "SSCD") & (values["rule"] == "")]
    own = own.set_index(["part", "measure"])
    np.testing.assert_allclose(own["value"] - own["difference"], ours[own.index], atol=1e-12)
    assert {"jpeg-30", "crop-10", "blur-2"} < set(values["part"])


def test_page_and_verdict_follow_from_the_tables(finished):
    sentences = HashesKind().verdict(finished, finished.manifest())
    assert sentences[0].startswith(("Keep the signature", "Take "))
    assert ". " not in sentences[0]
    page = (finished.path / "report.html").read_text(encoding="utf-8")
    assert "What does each find, as they come?" in page


def test_all_follows_from_the_raw_rows(finished, config):
    manifest = finished.manifest()
    tables = {name: finished.table(name) for name in manifest["tables"]}
    # One of them is spoilt, so that one pass shows both.
    tables["tuned"] = tables["tuned"].assign(k=tables["tuned"]["k"] + 1)
    checks = HashesKind().recompute(load_config(config, Hashes), tables, manifest, None)
    holds = {check.name: check.holds for check in checks}
    assert holds.pop("tuned follows from the raw rows") is False
    assert set(holds) == {
        "the engine confirmed every list",
        "scorings follows from the raw rows",
        "perception follows from the raw rows",
        "hash_times follows from the raw rows",
        "search_times follows from the raw rows",
    }
    assert all(holds.values())
