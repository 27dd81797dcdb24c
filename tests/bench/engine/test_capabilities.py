"""What an engine can do is asked of the engine, and nothing is left of the questions."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from elasticsearch import ApiError, NotFoundError

from bench.engine import Engine, open_engine
from bench.engine.capabilities import ALL, TITLES, Capabilities, ask_capabilities, disk_usage
from bench.engine.catalog import CATALOG, DEFAULT, Distribution, find_distribution
from bench.engine.client import connect
from bench.engine.errors import EngineError
from imgsig.layouts import LAYOUTS
from tests.shared import DISTRIBUTION

MARK = {"imgsig_bench": {"run": "made"}}

Answer = tuple[int, dict[str, str], bytes]
Answering = Callable[[Callable[[str, str], Answer]], str]


@pytest.fixture
def probe(engine: Engine, index_name: str) -> Iterator[str]:
    yield index_name
    with suppress(NotFoundError):
        engine.client.indices.delete(index=index_name)


def test_every_need_of_a_layout_can_be_asked_for() -> None:
    needs = frozenset[str]().union(*(layout.needs for layout in LAYOUTS.values()))
    assert needs == {"synthetic_source", "knn", "bit_vectors"}
    assert needs <= set(ALL) == set(Capabilities.__dataclass_fields__) == set(TITLES)


def test_the_default_engine_can_do_all() -> None:
    assert Capabilities.of(DEFAULT) == Capabilities(**dict.fromkeys(ALL, True))


@pytest.mark.engine
def test_the_engine_answers_what_the_catalog_says_and_keeps_nothing(
    engine: Engine, probe: str
) -> None:
    told = ask_capabilities(engine.client, probe, MARK)
    assert told == Capabilities.of(DISTRIBUTION)
    assert not engine.client.indices.exists(index=probe)


@pytest.mark.engine
def test_what_was_left_is_deleted_and_what_is_of_others_stays(engine: Engine, probe: str) -> None:
    client = engine.client
    client.indices.create(index=probe, mappings={"_meta": MARK})
    expected = Capabilities(retention_leases=True)
    assert ask_capabilities(client, probe, MARK, {"retention_leases"}) == expected
    assert not client.indices.exists(index=probe)
    client.indices.create(index=probe)
    with pytest.raises(EngineError, match="exists and is not of this run"):
        ask_capabilities(client, probe, MARK, {"retention_leases"})
    assert client.indices.exists(index=probe)


@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no _disk_usage")
def test_bytes_by_field_of_an_index_that_is_missing_are_an_error(engine: Engine) -> None:
    with pytest.raises(NotFoundError):
        disk_usage(engine.client, "nothing here")


@pytest.mark.engine
@pytest.mark.parametrize(
    "distribution",
    [
        pytest.param(
            one,
            id=one.name,
            # One of the other product is tried always.
            marks=pytest.mark.slow
            if one == find_distribution("opensearch")
            else pytest.mark.release,
        )
        for one in CATALOG
        if one is not DEFAULT
    ],
)
def test_the_others_answer_what_the_catalog_says(
    distribution: Distribution, tmp_path_factory: pytest.TempPathFactory, engine_env: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("open search")
    with open_engine(folder, heap="512m", distribution=distribution, env=engine_env) as opened:
        told = ask_capabilities(opened.client, "made-probe", MARK)
        assert told == Capabilities.of(distribution)
        assert not opened.client.indices.exists(index="made-probe")


def refusing(
    answer_json: Callable[..., Answer], status: int, kind: str | None
) -> Callable[[str, str], Answer]:
    """Answers that there is no index, and refuses all else."""
    missing = answer_json({"error": {"type": "index_not_found_exception"}}, 404)
    error = {"type": kind, "reason": "x"} if kind else "no handler found for uri"

    def answer(method: str, path: str) -> Answer:
        asks_for_index = path == "/probe/_mapping" or method == "DELETE"
        return missing if asks_for_index else answer_json({"error": error}, status)

    return answer


@pytest.mark.parametrize(
    ("status", "kind", "disk", "knn"),
    [
        (400, None, False, None),  # as OpenSearch answers
        (405, None, False, None),
        (410, "api_not_available_exception", False, None),
        (404, "index_not_found_exception", True, None),
        (400, "mapper_parsing_exception", None, False),
        (403, "security_exception", True, True),  # the run's own request says what is missing
        (400, "validation_exception", None, None),  # no room for one more shard
        (500, "x", None, None),
    ],
)
@pytest.mark.parametrize("engine_name", ["elasticsearch", "opensearch"])
def test_what_an_answer_says(
    answering: Answering,
    answer_json: Callable[..., Answer],
    engine_name: str,
    status: int,
    kind: str | None,
    disk: bool | None,
    knn: bool | None,
) -> None:
    url = answering(refusing(answer_json, status, kind))
    with connect(url, engine=engine_name) as client:
        for name, expected in (("disk_usage", disk), ("knn", knn)):
            if expected is None:
                with pytest.raises(ApiError):
                    ask_capabilities(client, "probe", MARK, {name})
            else:
                told = ask_capabilities(client, "probe", MARK, {name})
                assert told == Capabilities(**{name: expected})


def test_missing_is_what_was_asked_and_denied() -> None:
    told = Capabilities(knn=False, synthetic_source=True)
    assert told.missing({"knn", "synthetic_source", "bit_vectors"}) == ["knn"]
