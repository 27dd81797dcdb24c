"""Contenders measured beside the first, which another of the same hits must equal."""

import numpy as np
import pytest

from bench.evaluate.judge import MEASURES
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.contenders import contenders
from bench.kinds.hashes.tables import edit_parts, questions
from bench.kinds.judged import best_rules, quality_tables
from bench.search.exact.answers import Answers

HAMMING = ["hamming", "hamming - kth", "hamming - gap"]


@pytest.fixture(scope="module")
def config():
    variants = [
        {"name": "bits", "layout": "vector_sign_flat", "codec": {"id": "none"}},
        {"name": "words", "k": 6, "layout": "keyword_column", "codec": {"id": "none"}},
        {"name": "tester", "codec": {"id": "int_array"}},
    ]
    given = {"kind": "hashes", "name": "made", "variants": variants, "hashes": ["pHash"]}
    given |= {"k": [1, 3, 5], "search": {"size": 12}, "evaluation": {"resamples": 100}}
    return Hashes.model_validate(given)


@pytest.fixture(scope="module")
def hits(config, signed):
    answers = Answers(signed, config.search.size)
    rng = np.random.default_rng(0)
    documents, queries = (
        rng.integers(-128, 128, (len(one), 8)).astype(np.int8)
        for one in (signed.database, signed.query_signatures)
    )
    hashed = {"pHash": (documents, queries)}
    return {one.name: one.hits(answers, one.signed(signed, hashed)) for one in contenders(config)}


def test_each_contender_ranks_by_what_its_hits_carry(config):
    names = {one.name: [each.name for each in one.scorings] for one in contenders(config)}
    assert names == {
        "bits": HAMMING,
        "words": ["count", "count - kth", "count - gap"],
        "tester": ["distance", "distance - kth", "distance - gap"],
        "pHash": HAMMING,
    }
    assert [one.bits for one in contenders(config)] == [272, 0, 0, 64]
    assert [one.name for one in contenders(config, ["pHash"])] == ["bits", "words", "tester"]


def test_differences_are_from_the_first_in_the_same_way_of_ranking(config, signed, hits):
    queries = signed.queries
    same = {"bits": hits["bits"], "again": hits["bits"], "pHash": hits["pHash"]}
    tables = quality_tables(questions(config, queries), same, dict.fromkeys(same, HAMMING))
    values, best = tables["scorings"], best_rules(tables["tuned"])
    first, again = (
        values[values["source"] == name].drop(columns="source").reset_index(drop=True)
        for name in ("bits", "again")
    )
    assert first.equals(again)
    level = first[(first["rule"] == "") | (first["scoring"] == best["bits"])]
    assert (level["difference"] == 0).all()
    own = values[values["source"] == "pHash"]
    for ranked in ("hamming", best["pHash"]):
        reference = "hamming" if ranked == "hamming" else best["bits"]
        rows, ours = (
            table[table["scoring"] == name].set_index(["part", "measure"])["value"]
            for table, name in ((own, ranked), (first, reference))
        )
        told = own[own["scoring"] == ranked].set_index(["part", "measure"])["difference"]
        np.testing.assert_allclose(told, rows - ours[rows.index], atol=1e-12)
    assert set(values["measure"]) == set(MEASURES)


def test_edits_are_told_as_they_come_alone(config, signed, hits):
    edits = edit_parts(signed.queries)
    assert sum(mask.sum() for mask in edits.values()) == len(signed.queries)
    names = {"tester": ["distance", "distance - gap"]}
    tables = quality_tables(questions(config, signed.queries), hits, names)
    by_rule = tables["scorings"].groupby("rule")["part"].agg(set)
    assert set(edits) <= by_rule[""]
    assert not set(edits) & by_rule["gap"]
