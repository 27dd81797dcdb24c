"""Documents that can be migrated, and those that cannot."""

import re

import numpy as np
import pytest

from bench.index.variant import Variant
from bench.migrate.convert import convert
from bench.migrate.detect import detect
from bench.migrate.fields import choose_fields
from bench.migrate.plan import MigrationPlan


@pytest.fixture
def plan(as_source, records) -> MigrationPlan:
    source = as_source(records())
    variant = Variant(63, 16, {"id": "packed"}, layout="tagged_column", name="new")
    return MigrationPlan(source, detect(source), variant, choose_fields(source), False, 1, 0)


BAD = {
    "no signature": {"signature": None},
    "signature: ": {"signature": [0] * 647},
    "values in -2": {"signature": [3] * 648},
    "simple_word_5 is 7, but": {"simple_word_5": 7},
    "not an integer from 0 to 43046720": {"simple_word_5": 3**16},
    "words are missing": {"simple_word_5": None},
    "not an integer": {"simple_word_5": "7"},
    "path is list, not text": {"path": ["a", "b"]},
    "'stranger' without a decision": {"stranger": 1},
}


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_document_is_told_and_harms_no_other(plan, reason):
    hits = [dict(hit) for hit in plan.source.sample]
    good = convert(plan, hits)
    hits[11]["_source"] = {**hits[11]["_source"], **BAD[reason]}
    converted = convert(plan, hits)
    assert converted[11].document is None
    assert re.search(reason, converted[11].reason)
    rest = [i for i in range(30) if i != 11]
    assert [converted[i].document for i in rest] == [good[i].document for i in rest]
    assert all(one.reason == "" for one in good)


def test_a_text_of_another_order_is_told_where_words_are_copied(as_source, records):
    source = as_source(records(codec="base62"))
    found = detect(source, k=16, copy_words=True)
    variant = Variant(63, 16, {"id": "packed"}, layout="tagged_column", name="new")
    plan = MigrationPlan(source, found, variant, choose_fields(source), True, 1, 0)
    hits = [dict(hit) for hit in source.sample]
    other = {"signature": hits[4]["_source"]["signature"].swapcase()}
    hits[4]["_source"] = {**hits[4]["_source"], **other}
    hits[5]["_source"] = {**hits[5]["_source"], "simple_word_5": 7}  # what words are copied for
    reasons = [one.reason for one in convert(plan, hits)]
    assert "not one of an image" in reasons.pop(4)
    assert set(reasons) == {""}


def test_a_path_that_a_column_would_change_is_told(plan):
    hits = [dict(plan.source.sample[0])]
    hits[0]["_source"] = {**hits[0]["_source"], "path": "caf\udce9.jpg"}
    (one,) = convert(plan, hits)
    assert one.document is None
    assert r"path 'caf\udce9.jpg' has a lone surrogate" in one.reason


def test_routing_ids_and_the_sequence_are_kept(plan, signatures):
    hits = [{**hit, "_routing": "r"} for hit in plan.source.sample]
    converted = convert(plan, hits)
    assert [(one.id, one.routing, one.seq_no) for one in converted] == [
        (f"d{i}", "r", i) for i in range(30)
    ]
    assert (np.array([one.signature for one in converted]) == signatures[:30]).all()


def test_a_document_without_a_path_has_none(plan):
    hits = [{**plan.source.sample[0]}]
    hits[0]["_source"] = {k: v for k, v in hits[0]["_source"].items() if k != "path"}
    (one,) = convert(plan, hits)
    assert "path" not in one.document
