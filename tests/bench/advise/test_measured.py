"""Choices of the committed run that was searched at up to a million documents."""

from types import SimpleNamespace

import numpy as np
import pytest

from bench.advise import Question, advise
from bench.advise.measured import MARGIN, _cutoffs, measured_choices
from bench.advise.times import Times
from bench.advise.written import identity_of
from bench.index.variant import source_of, variants_of
from bench.report.axes import where
from bench.runs.environment import ROOT
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder
from bench.search.exact.truth import IGNORED, RIGHT

RUN = RunFolder(ROOT / "results" / "reference-scale-1m")


@pytest.fixture(scope="module")
def million():
    return measured_choices(RUN, 1_000_000)


@pytest.mark.parametrize(
    ("images", "documents"), [(10, 20_000), (20_001, 200_000), (10**6, 10**6), (10**9, 10**6)]
)
def test_the_smallest_size_that_holds_all_images_is_taken(images, documents):
    assert set(measured_choices(RUN, images)["least_documents"]) == {documents}


def test_every_index_but_graphs_is_a_choice_in_both_rankings(million):
    exact = [
        one.index_name
        for one in variants_of(RUN.manifest()["config"])
        if one.identity.layout.matcher.exact
    ]
    assert set(million["variant"]) == set(exact)
    assert set(million["ranking"]) == {"score", MARGIN}
    sizes = where(RUN.table("sizes"), documents=10**6, origin="collection").set_index("variant")
    for name, own in million.groupby("variant"):
        assert set(own["bytes_per_document"]) == {sizes.loc[name, "bytes_per_document"]}


def test_pairs_are_those_of_the_answers_and_at_most_those_of_all_documents(million):
    answers = where(RUN.table("answers"), documents=10**6)
    pairs = where(RUN.table("score_pairs"), documents=10**6)
    source = {one.index_name: source_of(one) for one in variants_of(RUN.manifest()["config"])}
    compared = 0
    for row in million[million["ranking"] == "score"].to_dict("records"):
        name, cutoff = source[row["variant"]], row["cutoff"]
        own = answers[(answers["source"] == name) & (answers["value"] >= cutoff)]
        assert row["right_pairs"] == (own["code"] == RIGHT).sum()
        assert row["wrong_pairs"] == ((own["code"] != RIGHT) & (own["code"] != IGNORED)).sum()
        every = pairs[(pairs["source"] == name) & (pairs["score"] >= cutoff)]
        assert len(own) <= every["pairs"].sum()
        compared += 1
    assert compared > 20


def test_without_a_right_hit_above_0_there_is_no_cutoff():
    assert not len(_cutoffs(np.array([0.0, -3.0])))
    assert not len(_cutoffs(np.array([])))
    assert _cutoffs(np.array([0.0, 2.0, 2.0, 5.0])).tolist() == [2.0, 5.0]


def test_a_margin_finds_more_at_as_few_wrong_pairs(million):
    for name in ("tester_none", "words_63x6", "bits_flat"):
        few = million[(million["variant"] == name) & (million["rate"] <= 1e-8)]
        best = few.groupby("ranking")["recall"].max()
        assert best[MARGIN] > best.get("score", 0.0)


def test_an_answer_is_measured_where_the_size_was(million):
    advice = advise(Question(images=10**6, precision=0.9, recall=0.5), RUN)
    _, best = advice.best
    assert best is not None
    assert advice.considered == len(million)
    assert best.measured_at == best.size.documents_per_shard == 10**6
    assert best.speed is not None
    assert best.speed.source == "measured"
    assert best.size.bytes_per_document == best.row["bytes_per_document"]


class Renamed(RunFolder):
    """The run as if one of its variants had been another, that ranks by the same values."""

    def __init__(self, name, source="", **change):
        super().__init__(RUN.path)
        self.name, self.source, self.change = name, source, change

    def manifest(self):
        manifest = super().manifest()
        variants = manifest["config"]["variants"]
        manifest["config"]["variants"] = [
            one | (self.change if one["index"] == self.name else {}) for one in variants
        ]
        return manifest

    def table(self, name):
        table = super().table(name)
        if self.source and "source" in table:
            (new,) = (source_of(one) for one in self.variants() if one.index_name == self.name)
            table["source"] = table["source"].astype(str).replace(self.source, new)
        return table

    def variants(self):
        return variants_of(self.manifest()["config"])


def test_chosen_words_are_those_of_the_config():
    spacing = [10 * place for place in range(63)]
    run = Renamed("words_63x6", "63x6", words={"spacing": spacing})
    rows = measured_choices(run, 10**6)
    row = rows[rows["variant"] == "words_63x6"].iloc[0].to_dict()
    words = identity_of(SimpleNamespace(row=row))["words"]
    assert words == {"N": 63, "k": 6, "spacing": spacing}


def test_an_index_of_bits_and_words_has_both():
    run = Renamed("bits_flat", layout="vector_sign_flat_keyword", N=32, k=7)
    rows = measured_choices(run, 10**6)
    both = rows[rows["variant"] == "bits_flat"]
    assert set(both["layout"]) == {"vector_sign_flat_keyword"}
    assert set(zip(both["N"], both["k"], both["spacing"], strict=True)) == {(32, 7, "even")}


def test_limits_take_what_is_faster_and_larger():
    asked = {"images": 10**6, "precision": 0.8, "recall": 0.3}
    free = advise(Question(**asked), RUN).best[1]
    assert free is not None
    assert free.speed is not None
    beyond = advise(Question(**asked, milliseconds=1e-3), RUN)
    assert not beyond.is_reached
    fastest = beyond.beyond["fastest"]
    assert fastest.speed is not None
    within = advise(Question(**asked, milliseconds=fastest.speed.milliseconds), RUN).best[1]
    assert within is not None
    assert within.speed == fastest.speed


def test_too_slow_an_index_is_split_until_its_shards_are_fast():
    asked = {"images": 10**8, "precision": 0.5, "recall": 0.1}
    whole = advise(Question(**asked), RUN).best[1]
    split = advise(Question(**asked, milliseconds=50), RUN).best[1]
    assert whole is not None
    assert split is not None
    assert whole.speed is not None
    assert split.speed is not None
    assert whole.speed.milliseconds > 50 >= split.speed.milliseconds
    assert split.size.shards > whole.size.shards
    assert split.nodes.count >= split.size.shards / 2  # a core each


def test_the_line_through_the_times_is_near_what_was_measured():
    times = Times.of(RUN)
    for name, fit in times.indices.items():
        for documents, (median, *_) in fit.known.items():
            value = fit.at(float(documents), documents, 2).milliseconds
            assert value == pytest.approx(median, rel=0.5), name


def test_a_run_that_searched_nothing_is_no_source():
    with pytest.raises(RunError, match="searched nothing"):
        measured_choices(RunFolder(ROOT / "results" / "reference-scale"), 1000)
