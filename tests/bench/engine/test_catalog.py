"""Engines by name and version."""

import re

import pytest

from bench.engine.catalog import CATALOG, DEFAULT, engine_title, find_distribution
from bench.engine.errors import UnknownEngineError


def test_every_entry_is_found_and_pinned() -> None:
    for one in CATALOG:
        assert find_distribution(one.engine, one.version) is one
        assert re.fullmatch("[0-9a-f]{64}", one.sha256)
    assert len({one.sha256 for one in CATALOG}) == len(CATALOG)
    assert find_distribution() is DEFAULT


@pytest.mark.parametrize(
    ("engine", "version"), [("solr", None), ("elasticsearch", "7.17.0"), ("opensearch", "9.2.4")]
)
def test_an_unknown_one_names_those_that_can_be_had(engine: str, version: str | None) -> None:
    with pytest.raises(UnknownEngineError) as caught:
        find_distribution(engine, version)
    assert str(caught.value).startswith(engine)
    for one in CATALOG:
        assert f"{one.engine} {one.version}" in str(caught.value)


def test_runs_from_before_there_were_others_have_a_title_too() -> None:
    assert engine_title({"elasticsearch": "8.18.0"}) == "Elasticsearch 8.18.0"
