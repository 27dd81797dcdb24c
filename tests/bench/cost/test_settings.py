"""Conditions of the section ``cost``."""

import pytest
from pydantic import ValidationError

from bench.cost.settings import Condition, Cost, check_names
from bench.runs.errors import ExperimentError


def test_one_axis_is_varied_at_a_time():
    cost = Cost(queries=500, axis_queries=50, clients=[8], minimum_should_match=[3], fetch=["id"])
    assert cost.conditions() == [
        (Condition(), 500),
        (Condition(clients=8), 50),
        (Condition(minimum_should_match=3), 50),
        (Condition(fetch="id"), 50),
        (Condition(state="cold"), 24),
    ]
    labels = [condition.label for condition, _ in cost.conditions()]
    assert labels == ["base", "clients-8", "minimum_should_match-3", "fetch-id", "state-cold"]
    assert Cost(cold=0).conditions()[-1][0].state == "warm"


def test_later_axes_are_seen_only_where_they_are_varied():
    before = Cost()
    after = Cost(without_second_key=True, while_indexing=True, terms_set=True, together=[8])
    added = [one for one, _ in after.conditions() if one not in dict(before.conditions())]
    assert added == [
        Condition(together=8),
        Condition(second_key=False),
        Condition(terms_set=True),
        Condition(ingest=True),
    ]
    assert after.model_dump().keys() - before.model_dump().keys() == {
        "without_second_key",
        "while_indexing",
        "terms_set",
        "together",
    }
    assert {"second_key", "ingest", "terms_set", "together"}.isdisjoint(Condition().columns())
    assert Condition(ingest=True).columns()["ingest"]


def test_defaults_support_what_they_show():
    assert Cost().queries >= 1_000  # p99
    assert Cost().axis_queries >= 200  # p95
    assert Cost().cold >= 20  # p50


@pytest.mark.parametrize(
    "wrong",
    [{"clients": [1]}, {"clients": [9]}, {"fetch": ["all"]}, {"queries": 5}, {"threads": 2}],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        Cost.model_validate(wrong)


def test_an_index_is_not_called_as_what_another_is_timed_with():
    check_names(["a", "b-timed", "added"])
    for name in ("a-timed", "a-added"):
        with pytest.raises(ExperimentError, match=f"'{name}' is also the further index that 'a'"):
            check_names([name, "a"])
