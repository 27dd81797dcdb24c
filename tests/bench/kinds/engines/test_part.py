"""What of a run is of one engine."""

from bench.engine.catalog import find_distribution
from bench.index.variant import Variant
from bench.kinds.engines.part import EnginePart
from bench.runs.folder import write_json

WORDS = Variant(N=63, k=16, codec={"id": "none"}, name="words")
VECTOR = Variant(N=63, k=16, codec={"id": "context"}, layout="vector_bit_flat", name="vector")


def test_what_an_engine_lacks_is_left_out(tmp_path):
    part = EnginePart(find_distribution("opensearch"), tmp_path, [WORDS, VECTOR], "run")
    assert part.title == "OpenSearch 3.3.2"
    assert part.lacks is None
    assert not part.is_finished
    write_json(tmp_path / "lacks.json", {"vector": "vectors of bits"})
    assert [state.variant for state in part.states] == [WORDS]
    assert not part.is_finished
    assert not part.is_timed


def test_what_is_known_is_not_asked_again(tmp_path):
    part = EnginePart(find_distribution("opensearch"), tmp_path, [WORDS], "run")
    write_json(tmp_path / "lacks.json", {})
    assert part.ask(None) == {}


def test_what_is_searched_and_measured_is_finished(tmp_path):
    part = EnginePart(find_distribution("opensearch"), tmp_path, [WORDS], "run")
    write_json(tmp_path / "lacks.json", {})
    for name in ("storage.json", "candidates.parquet"):
        assert not part.is_finished
        write_json(tmp_path / "words" / name, {})
    assert part.is_finished
    for what in ("searches", "batches"):
        assert not part.is_timed
        write_json(part.timed_path(WORDS, what), {})
    assert part.is_timed
