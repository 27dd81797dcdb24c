"""Pages and figures say of a run what its config says: how sure intervals are, how many shards."""

import pytest

from bench.kinds.scoring.figures import front
from bench.report import layout_page
from bench.report.cutoff_figures import precision_by_cutoff, scores_by_edit
from bench.report.experiment_pages import FIGURES, render_report
from bench.report.page import render
from bench.report.score_or_distance import FIGURES as RANKING
from bench.report.score_or_distance import (
    cutoff_sentences,
    ranking_verdict,
    render_ranking_page,
)
from bench.report.summary import summarize

SURE = ({"confidence": 0.95}, "95 %"), ({"confidence": 0.8}, "80 %")


@pytest.mark.parametrize(
    ("index", "spread", "read"),
    [
        ({"shards": 1, "replicas": 0}, "One shard, no replica, the same", "one segment, and read"),
        ({"shards": 3, "replicas": 0}, "3 shards, no replica, the", "one segment a shard, and"),
        ({"shards": 1, "replicas": 1}, "One shard, 1 replica, the same", "one segment, and read"),
        (
            {"shards": 3, "replicas": 2},
            "3 shards, 2 replicas of each, the",
            "one segment a shard, and",
        ),
    ],
)
def test_the_report_says_how_indices_were_spread(saying, index, spread, read):
    run = saying("reference", index=index)
    text = render_report(run, run.manifest(), summarize(run), [], {}, {})
    assert f"<p>{spread}" in text
    assert f"merged to {read}" in text
    assert ("</code> of the primaries until" in text) == bool(index["replicas"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shards", "said"),
    [(1, "one shard merged to\none segment."), (3, "3 shards, each merged to\none segment.")],
)
def test_the_page_of_layouts_says_how_indices_were_spread(saying, shards, said):
    run = saying("reference-layouts", index={"shards": shards}, cost={"confidence": 0.8})
    svgs = dict.fromkeys(layout_page.figures_of(run), b"<svg/>")
    text = layout_page.render_layout_page(run, run.manifest(), svgs)
    assert f"the same in every index, {said}" in text
    assert "in the same run, with 80 %\nintervals" in text


@pytest.mark.slow
@pytest.mark.parametrize(("evaluation", "said"), SURE)
def test_pages_say_the_confidence_of_their_run(saying, evaluation, said):
    run = saying("reference", evaluation=evaluation)
    manifest = run.manifest() | {"config_text": ""}
    text = render_report(run, manifest, summarize(run), [], {}, {})
    assert f"Below each measure its {said} interval" in text
    text = render_ranking_page(run, manifest, "tester", dict.fromkeys(RANKING, b"<svg/>"))
    assert f"goes by the {said} interval" in text
    sentences = ranking_verdict(run, "tester")
    assert all(f"({said} interval" in one for one in sentences)
    assert all(f"<p>{one}</p>".replace("'", "&#39;") in text for one in sentences)


@pytest.mark.parametrize(("evaluation", "said"), SURE)
def test_splits_are_as_many_as_the_confidence_of_their_run(saying, evaluation, said):
    sentences = cutoff_sentences(saying("reference", evaluation=evaluation), "tester")
    assert all(f"({said.removesuffix(' %')} of 100 splits)" in one for one in sentences)


@pytest.mark.parametrize(("evaluation", "said"), SURE)
@pytest.mark.parametrize("name", ["ranking_curves", "gap_by_part", "hybrid_bands"])
def test_figures_of_rankings_say_the_confidence_of_their_run(saying, name, evaluation, said):
    (axes,) = RANKING[name][0](saying("reference", evaluation=evaluation), "tester")[0].axes
    assert f"{said} intervals" in axes.get_title(loc="left") + axes.get_title() + axes.get_xlabel()


@pytest.mark.parametrize(("evaluation", "said"), SURE)
def test_other_figures_say_the_confidence_of_their_run(saying, evaluation, said):
    run = saying("reference", evaluation=evaluation)
    (axes,) = FIGURES["recall_by_transform"][0](run)[0].axes
    assert axes.get_xlabel().endswith(f", {said} interval")
    label = precision_by_cutoff(run, "tester")[0].axes[0].get_ylabel()
    assert label == f"precision, recall; {said} interval"
    label = front(saying("reference-scoring", evaluation=evaluation))[0].axes[0].get_ylabel()
    assert label in ("", f"held-out scenes, {said} interval")


def test_figures_of_vectors_do_not_speak_of_words(saying):
    """As if the words of an index had been a vector."""
    run = saying("reference")
    config = run.config()
    config["variants"][0] |= {"layout": "vector_sign_flat", "codec": {"id": "none"}}
    run.config = lambda: config
    label = RANKING["score_against_distance"][0](run, "tester")[0].axes[0].get_xlabel()
    assert label.startswith("score: equal bits, and one (of 273, ")
    label = precision_by_cutoff(run, "tester")[0].axes[0].get_xlabel()
    assert label == "least score kept: equal bits, and one"
    assert scores_by_edit(run, "tester")[0].get_supxlabel().startswith("score: equal bits, and one")


def test_the_legend_of_examples_says_what_scores_count():
    for score, said in ((("equal words", 63), "equal words, of 63."), (("b", 9), "b, of 9.")):
        text = render(
            "gallery.html.j2",
            manifest={"title": "", "name": "a", "dataset": {"collection": "b"}},
            gallery=[],
            score=score,
            photographs={},
        )
        assert f"Scores count {said}" in text
