"""A whole node run on three nodes of the real engine, and once more where its loss broke off."""

import json
from io import StringIO

import pytest
from rich.console import Console

from bench.kinds import run as kinds_run
from bench.kinds.nodes import measure as nodes_measure
from bench.kinds.nodes.arrangements import ALIKE, COPIED, PART, SHARDED
from bench.kinds.nodes.config import Nodes
from bench.kinds.nodes.figures import FIGURES
from bench.kinds.nodes.kind import NodesKind
from bench.kinds.run import execute_run
from bench.runs.config_file import load_config
from bench.runs.errors import WrongIndexError
from bench.runs.folder import read_json, write_json
from bench.verify import verify_run
from imgsig.cluster import VARIABLES
from tests.shared import DISTRIBUTION

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(1800)]

CONFIG = """\
version: 1
kind: nodes
name: made-nodes
engine: {{nodes: 3, heap: 256m, name: {engine}, version: {version}}}
pictures: {{collection: "folder:{folder}", tiles: [48]}}
queries: {{documents: 300, queries: 20, transforms: [jpeg-30, crop-10]}}
variants:
  - {{name: made_nodes, N: 32, k: 7, layout: keyword_column, codec: {{id: none}}}}
{bits}
synthetic: {{seen: 3000, words_tolerance: 0.9}}
documents: 900
search: {{size: 20}}
evaluation: {{resamples: 100}}
loss: {{before: 2, rate: 20, delayed: 1, after: 1, limit: 120, refused: 5}}
"""

#: Scores of vectors are no whole numbers as the engine gives them.
BITS = "  - {name: made_bits, layout: vector_sign_flat, codec: {id: none}}"


def of_words(table):
    """Rows of the index of words."""
    return table[table["variant"] == "made_nodes"]


@pytest.fixture(scope="module")
def config(made_experiment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nodes")
    made_experiment(folder, "unused")
    path = folder / "nodes.yaml"
    named = {"engine": DISTRIBUTION.engine, "version": DISTRIBUTION.version}
    named["bits"] = BITS if DISTRIBUTION.engine == "elasticsearch" else ""
    path.write_text(CONFIG.format(folder=folder / "pictures", **named))
    return path


@pytest.fixture(scope="module")
def finished(config):
    """The run, in two starts: in the first a whole answer is another once the node is lost."""
    results, console = config.parent / "results", Console(file=StringIO())
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        patch.setattr(kinds_run, "source_digest", lambda: "0" * 64)
        with pytest.MonkeyPatch.context() as broken:
            hits_of = nodes_measure.hits_of

            def wrong(answers):
                had = hits_of(answers)
                if (answers["arrangement"] == COPIED).all():
                    had[min(had)][1][0] += 1
                return had

            broken.setattr(nodes_measure, "hits_of", wrong)
            with pytest.raises(WrongIndexError, match="the engine gave other hits"):
                execute_run(config, results, console)
        # What was measured is changed, so that it is seen whether it was measured again.
        (begun,) = results.iterdir()
        path = begun / "work" / f"made_nodes-{PART}" / "storage.json"
        write_json(path, read_json(path) | {"merge_seconds": 4321.0})
        patch.setattr(nodes_measure, "search_alike", lambda *_: pytest.fail("searched again"))
        patch.setattr(nodes_measure, "read_copies", _lost_alone)
        yield execute_run(config, results, console)


_READ = nodes_measure.read_copies


def _lost_alone(client, index, moment):
    if moment != nodes_measure.LOST:
        pytest.fail("measured again")
    return _READ(client, index, moment)


def test_every_table_and_figure_is_there(finished):
    manifest = finished.manifest()
    for name, entry in manifest["tables"].items():
        assert len(finished.table(name)) == entry["rows"] > 0, name
    assert {path.stem for path in (finished.path / "figures").glob("*.png")} == set(FIGURES)
    json.dumps(manifest, allow_nan=False)
    assert manifest["engine"]["nodes"] == 3
    assert manifest["lost_node"] in ("node-2", "node-3")
    assert not finished.work.exists()


def test_bytes_are_those_of_the_shards_and_near_what_is_predicted(finished):
    sizes = of_words(finished.table("sizes")).set_index("arrangement")
    assert list(sizes.index) == [PART, *ALIKE]
    assert sizes["documents"].to_list() == [300, 900, 900, 900]
    assert sizes.loc[COPIED, "foretold_bytes"] == 6 * sizes.loc[PART, "store_bytes"]
    # What an index takes once weighs most in so small ones.
    assert sizes["difference"].dropna().abs().max() < 0.1


def test_copies_lie_on_all_nodes_then_on_two(finished):
    shards = of_words(finished.table("shards"))
    nodes = shards[shards["arrangement"] == COPIED].groupby("moment")["node"].agg(set)
    assert nodes["settled"] == {"node-1", "node-2", "node-3"}
    assert nodes["a node lost"] == nodes["settled"] - {finished.manifest()["lost_node"]}
    (recovery,) = of_words(finished.table("recovery")).to_dict("records")
    assert 0 <= recovery["noticed"] <= recovery["primaries"] <= recovery["copies"] < 120
    assert recovery["nodes_left"] == 2
    assert abs(recovery["difference"]) < 0.02


def test_searches_with_copies_go_on_and_those_without_are_told(finished):
    lost = of_words(finished.table("lost"))
    copied, sharded = (lost[lost["arrangement"] == one] for one in (COPIED, SHARDED))
    assert (copied["seconds"] < 0).any()
    assert (copied["seconds"] > 0).sum() > 5
    assert (copied["outcome"] == "same").mean() > 0.9
    (gone,) = of_words(finished.table("gone")).to_dict("records")
    assert len(sharded) == 5
    assert gone["shards_left"] == 2
    assert 0.2 < gone["share_gone"] < 0.5
    assert set(sharded["outcome"]) <= {"error", "partial"}


def test_all_follows_from_the_raw_rows(finished, config):
    verified = list(verify_run(finished))
    assert all(check.holds for check in verified), [one for one in verified if not one.holds]
    manifest = finished.manifest()
    tables = {name: finished.table(name) for name in manifest["tables"]}
    shards, answers = tables["shards"], tables["answers"]
    spoilt = {
        "shards": shards.assign(store_bytes=shards["store_bytes"] + 1),
        "answers": answers.assign(score=answers["score"] + (answers["arrangement"] == COPIED)),
        "lost": tables["lost"].assign(outcome="different"),
    }
    checks = NodesKind().recompute(load_config(config, Nodes), tables | spoilt, manifest, None)
    holds = {check.name: check.holds for check in checks}
    assert not holds["shards sum up to their index"]
    assert not holds["shards answer as one"]
    assert not holds["no answer was silently another"]
    assert not holds["sizes follows from the raw rows"]
    assert holds["searches follows from the raw rows"]


def test_the_page_says_it(finished):
    sentences = NodesKind().verdict(finished, finished.manifest())
    assert sentences[0].startswith("made_nodes: 900 documents in 3 shards with a replica each take")
    assert any("a node was killed" in one for one in sentences)
    page = (finished.path / "report.html").read_text(encoding="utf-8")
    assert "How long until all is whole again?" in page


def test_what_it_took_is_known_to_later_plans(finished):
    past = NodesKind().past(finished, finished.manifest())
    size = next(iter(past.sizes.values()))
    sizes = of_words(finished.table("sizes")).set_index("arrangement")
    assert size.bytes_per_document == sizes.loc["whole", "bytes_per_document"]
    assert past.units["search"] == len(finished.table("samples"))
