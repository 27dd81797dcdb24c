import json
import math
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.advise import Question, advise
from bench.index.variant import scheme_name
from bench.runs.environment import ROOT
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder, write_json
from imgsig import WordScheme

SEARCHED = RunFolder(ROOT / "results" / "reference-scale-1m")
HARD = Question(images=800_000_000, precision=0.99, recall=0.99)


def test_grades_that_differ_are_both_named(sweep_folder):
    asked = Question(images=1_000_000, precision=0.99, recall=0.75)
    advice = advise(asked, RunFolder(sweep_folder))
    assert advice.is_reached
    assert advice.chosen["proven"] is None
    likely, safe = advice.chosen["likely"], advice.chosen["safe"]
    # At score 8 precision is 0.9978 by the model's values, less than 0.977 by joint bounds.
    assert likely is not None
    assert safe is not None
    assert (likely.row["cutoff"], safe.row["cutoff"]) == (8, 12)
    assert safe.size.primary_bytes == 200e6


def test_small_collections_are_proven(sweep_folder):
    advice = advise(Question(images=10_000, precision=0.9, recall=0.5), RunFolder(sweep_folder))
    proven = advice.chosen["proven"]
    assert proven is not None
    assert (proven.row["variant"], proven.row["cutoff"]) == ("8x8", 4)
    right = proven.row["recall_low"] / 2
    wrong = proven.row["rate_high"] * 10_000
    assert proven.row["evidence_precision_low"] == pytest.approx(right / (right + wrong))
    assert wrong > 0.016  # more than the bound of a single choice


def test_bounds_are_those_of_the_confidence_of_the_run(sweep_folder, tmp_path):
    asked = Question(images=10_000, precision=0.9, recall=0.5)
    shutil.copytree(sweep_folder, tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    manifest["config"]["evaluation"] = {"confidence": 0.8}
    write_json(tmp_path / "run" / "manifest.json", manifest)
    wide = advise(asked, RunFolder(sweep_folder)).describe()["evidence"]
    narrow = advise(asked, RunFolder(tmp_path / "run")).describe()["evidence"]
    events = [each["pairs_needed"] * each["allowed_rate"] for each in (narrow, wide)]
    assert events[0] / events[1] == pytest.approx(
        math.log(0.2 / 7) / math.log(0.05 / 7)
    )  # of seven choices


def test_none_reaches_it(sweep_folder):
    advice = advise(HARD, RunFolder(sweep_folder))
    assert not advice.is_reached
    assert not advice.evidence.possible
    assert advice.nearest is not None
    assert (advice.nearest.row["variant"], advice.nearest.row["cutoff"]) == ("32x8", 12)
    assert advice.best_recall == 0.85
    described = advice.describe()
    assert described["best_precision_at_recall"] is None
    assert described["evidence"]["pairs_needed"] == pytest.approx(7.907e11, rel=1e-3)


def test_description_is_json_and_keeps_evidence_and_model_apart(sweep_folder):
    asked = Question(images=1_000_000, precision=0.99, recall=0.75)
    described = json.loads(json.dumps(advise(asked, RunFolder(sweep_folder)).describe()))
    safe = described["chosen"]["safe"]
    assert set(safe) == {
        "variant", "N", "k", "alphabet", "spacing", "strip", "layout", "ranking", "min_score",
        "cutoff", "recall", "recall_low", "recall_high", "recall_extrapolated", "evidence", "model",
        "candidates_per_query", "measured_at", "size", "search", "nodes", "index", "python",
    }  # fmt: skip
    assert set(safe["evidence"]) == {"wrong_pairs", "pairs", "rate_high", "precision_low"}
    assert safe["model"]["extrapolated"] is True
    # One in 20 million pairs was counted at best; the model says one in 10^12.
    assert safe["model"]["decades_beyond_counts"] == pytest.approx(4.699, abs=1e-3)
    assert safe["layout"] == "tagged_long"
    assert described["evidence"]["possible"] is False


def test_what_is_proven_is_possible_to_prove(sweep_folder):
    # At the recall that is asked for too few pairs were counted; at that of the choice enough.
    asked = Question(images=1_000_000, precision=0.6, recall=0.1)
    described = advise(asked, RunFolder(sweep_folder)).describe()
    assert described["chosen"]["proven"]["variant"] == "32x8"
    assert described["evidence"]["possible"] is True
    assert described["evidence"]["pairs_needed"] <= described["evidence"]["pairs_counted"]


def test_of_a_margin_among_more_documents_than_were_searched_nothing_is_proven():
    described = advise(Question(images=10**8, precision=0.5, recall=0.1), SEARCHED).describe()
    likely = described["chosen"]["likely"]
    assert likely["recall_extrapolated"]
    assert likely["evidence"]["precision_low"] is None


def test_a_sweep_tells_where_chosen_words_begin(sweep_folder):
    scheme = WordScheme(N=32, k=8, spacing=tuple(range(0, 640, 20)))

    class OfChosenWords(RunFolder):
        def manifest(self):
            return super().manifest() | {"config": {"always": [scheme.get_config()]}}

        def table(self, name):
            table = super().table(name)
            its = table["variant"] == "32x8"
            table["variant"] = table["variant"].mask(its, scheme_name(scheme))
            if "spacing" in table:
                table["spacing"] = table["spacing"].mask(its, "chosen")
            return table

    asked = Question(images=1_000_000, precision=0.99, recall=0.75)
    described = advise(asked, OfChosenWords(sweep_folder)).describe()
    assert described["chosen"]["safe"]["index"]["words"] == scheme.get_config()
    assert json.loads(json.dumps(described))["chosen"]["safe"]["spacing"] == [*scheme.spacing]


@pytest.mark.slow
@settings(deadline=None, max_examples=20)  # each reads a run from disk, twice
@given(st.floats(0.5, 0.98), st.floats(0.5, 0.98), st.floats(0, 0.01), st.integers(100, 10_000_000))
def test_asking_for_more_takes_no_fewer_bytes(sweep_folder, precision, recall, more, images):
    def size(precision, recall):
        found = advise(Question(images, precision, recall), RunFolder(sweep_folder)).chosen
        return [
            float("inf") if choice is None else choice.size.bytes_per_document
            for choice in found.values()
        ]

    asked, harder = size(precision, recall), size(precision + more, recall + more)
    assert all(less <= greater for less, greater in zip(asked, harder, strict=True))
    _, safe, likely = asked
    assert likely <= safe


def test_other_runs_are_refused(tmp_path, sweep_folder):
    folder = RunFolder(tmp_path)
    with pytest.raises(RunError, match="no finished run"):
        advise(HARD, folder)
    manifest = {"format": 1, "kind": "codecs", "tables": {}, "machine": {"cores": 2}}
    manifest |= {"engine": {"name": "elasticsearch", "version": "9.2.4"}}
    manifest |= {"dataset": {"collection": "made", "documents": 10}}
    manifest |= dict.fromkeys(("name", "title", "run", "finished", "config_text"), "made")
    manifest |= {part: {} for part in ("config", "code", "seconds")}
    write_json(tmp_path / "manifest.json", manifest)
    with pytest.raises(RunError, match="is neither a sweep nor a scale run"):
        advise(HARD, folder)
    with pytest.raises(RunError, match="is not a scale run"):
        advise(HARD, RunFolder(sweep_folder), folder)
    write_json(tmp_path / "manifest.json", manifest | {"kind": "scale"})
    with pytest.raises(RunError, match="searched nothing"):
        advise(HARD, folder)


def test_limits_leave_out_what_is_dearer(sweep_folder):
    asked = {"images": 1_000_000, "precision": 0.99, "recall": 0.8}
    free = advise(Question(**asked), RunFolder(sweep_folder)).chosen["likely"]
    assert free is not None
    disk = free.nodes.disk_bytes
    enough = advise(Question(**asked, disk=disk), RunFolder(sweep_folder))
    assert enough.chosen["likely"] == free
    short = advise(Question(**asked, disk=disk - 1), RunFolder(sweep_folder))
    assert not short.is_reached
    assert short.nearest is None
    assert {one.row["variant"] for one in short.beyond.values()} == {"32x8"}
    # Nothing was timed, so nothing is known to be fast enough.
    assert not advise(Question(**asked, milliseconds=1e9), RunFolder(sweep_folder)).is_reached
