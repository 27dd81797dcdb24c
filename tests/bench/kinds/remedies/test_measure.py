"""A whole remedy run on the real engine."""

import json

import pytest
from rich.console import Console

from bench.kinds import run as kinds_run
from bench.kinds.remedies import measure as remedies_measure
from bench.kinds.remedies.config import Remedies
from bench.kinds.remedies.figures import FIGURES, edits
from bench.kinds.remedies.kind import RemediesKind
from bench.kinds.remedies.lists import tried
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
kind: remedies
name: made-remedies
dataset:
  collection: folder:{folder}
  documents: 10
  tiles: []
  queries: 20
  no_match_share: 0.2
  transforms: [turn-90, mirror, crop-30, jpeg-30]
variants:
  - {{name: made-remedy-bits, layout: vector_sign_flat, codec: {{id: none}}}}
  - {{name: made-remedy-words, k: 6, layout: keyword_column, codec: {{id: none}}}}
remedies:
  - {{name: nothing}}
  - {{name: ask, asked: all}}
  - {{name: store, stored: all}}
  - {{name: pieces, pieces: [{{side: 0.85, each_way: 2}}]}}
k: [1, 3]
search: {{size: 20}}
timed: {{searches: 20, pictures: 10}}
evaluation: {{resamples: 100}}
"""
NAMES = [
    f"made-remedy-{variant}{remedy}"
    for variant in ("bits", "words")
    for remedy in ("", ", ask", ", store", ", pieces")
]


@pytest.fixture(scope="module")
def config(made_experiment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("remedies")
    made_experiment(folder, "remedies")
    path = folder / "remedies.yaml"
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
            computed = remedies_measure.found

            def wrong(variant, simulator, size):
                own = computed(variant, simulator, size)
                if variant.index_name == "made-remedy-bits-store":
                    own.loc[0, "score"] += 1
                return own

            broken.setattr(remedies_measure, "found", wrong)
            with pytest.raises(MeasurementError, match=r"-bits-store', query \d+, rank 0"):
                execute_run(config, results, console)
            broken.setattr(remedies_measure, "signing_samples", lambda *_: pytest.fail("again"))
        yield execute_run(config, results, console)
    for name in {one.index for one in tried(load_config(config, Remedies))}:
        engine.client.indices.delete(index=name)


def test_every_table_and_figure_is_there(finished):
    manifest = finished.manifest()
    for name, entry in manifest["tables"].items():
        assert len(finished.table(name)) == entry["rows"] > 0, name
    drawn = {path.stem for path in (finished.path / "figures").glob("*.png")}
    assert drawn == set(FIGURES) - {"edits"}  # of each edit there are few
    json.dumps(manifest, allow_nan=False)


def test_edits_are_drawn_by_what_was_done(finished):
    figure, data = edits(finished, least=1)
    drawn = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert drawn == list(dict.fromkeys(data["part"]))
    assert set(drawn[:2]) == {"turn-90", "mirror"}
    assert drawn[2:] == ["crop-30", "jpeg-30"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == NAMES


def test_indices_hold_what_is_stored_and_every_search_was_confirmed(finished):
    indices = finished.table("indices").set_index("index")
    assert list(indices.index) == [
        f"made-remedy-{variant}{remedy}"
        for variant in ("bits", "words")
        for remedy in ("", "-store", "-pieces")
    ]
    pictures = indices["pictures"].iloc[0]
    assert (indices["documents"] / pictures).tolist() == [1, 8, 5] * 2
    # Of bits every document is a hit: of 8 searches those asked as they are, and turned.
    bits = indices["verified_hits"].iloc[:3]
    assert bits.tolist() == [20 * 8 * min(20, pictures), 20 * 20, 20 * min(20, 5 * pictures)]


def test_turned_pictures_are_found_when_orientations_are_asked_or_stored(finished):
    values = finished.table("scorings")
    own = values[(values["part"] == "turned") & (values["measure"] == "recall@1")]
    own = own[own["rule"] == ""].set_index("source")["value"]
    assert list(own.index) == NAMES
    for variant in ("made-remedy-bits", "made-remedy-words"):
        assert own[f"{variant}, ask"] == own[f"{variant}, store"] == 1
        assert own[variant] < 1


def test_differences_are_from_none_on_the_same_variant(finished):
    values = finished.table("scorings")
    first = values[values["source"].isin(["made-remedy-bits", "made-remedy-words"])]
    assert (first.loc[first["rule"] == "", "difference"] == 0).all()


def test_several_orientations_are_one_request(finished):
    searches = finished.table("searches")
    assert searches.groupby("variant").size().to_dict() == dict.fromkeys(NAMES, 20)
    took = finished.table("search_times").set_index("source")
    assert list(took.index) == NAMES
    assert took.loc[["made-remedy-bits", "made-remedy-words"], "ratio"].tolist() == [1, 1]
    assert took.loc["made-remedy-bits, ask", "ratio"] > 1


def test_page_and_verdict_follow_from_the_tables(finished):
    sentences = RemediesKind().verdict(finished, finished.manifest())
    assert sentences[0].startswith(("Where pictures come turned", "Nothing that was tried"))
    page = (finished.path / "report.html").read_text(encoding="utf-8")
    assert "What does each find of turned, and what does it take?" in page


def test_all_follows_from_the_raw_rows(finished, config):
    manifest = finished.manifest()
    tables = {name: finished.table(name) for name in manifest["tables"]}
    # One of them is spoilt, so that one pass shows both.
    tables["tuned"] = tables["tuned"].assign(k=tables["tuned"]["k"] + 1)
    checks = RemediesKind().recompute(load_config(config, Remedies), tables, manifest, None)
    holds = {check.name: check.holds for check in checks}
    assert holds.pop("tuned follows from the raw rows") is False
    assert set(holds) == {
        "the engine confirmed every list",
        "scorings follows from the raw rows",
        "remedies follows from the raw rows",
        "signing_times follows from the raw rows",
        "search_times follows from the raw rows",
    }
    assert all(holds.values())


def test_hits_that_nobody_confirmed_are_told(finished, config):
    manifest = finished.manifest()
    tables = {name: finished.table(name) for name in manifest["tables"]}
    indices = tables["indices"]
    tables["indices"] = indices.assign(
        verified_hits=indices["verified_hits"].where(lambda n: n > n.min(), 0)
    )
    checks = RemediesKind().recompute(load_config(config, Remedies), tables, manifest, None)
    assert not next(checks).holds
