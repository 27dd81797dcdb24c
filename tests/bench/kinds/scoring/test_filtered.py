"""What words as filter of bits lose, from lists of hits."""

import pandas as pd
import pytest

from bench.kinds.scoring.config import Scoring
from bench.kinds.scoring.filtered import check_filters, filter_sentence, filter_table
from bench.kinds.scoring.filtered import filtered_sources as sources
from bench.kinds.scoring.lists import Searches, all_sources, scoring_names
from bench.kinds.scoring.quality import quality_tables
from bench.search.exact.answers import hits_table

BOTH = {"name": "both", "N": 32, "k": 7, "layout": "vector_sign_flat_keyword"}


@pytest.fixture(scope="module")
def config(scoring):
    given = scoring.model_dump()
    variants = [*given["variants"], BOTH | {"codec": {"id": "none"}}]
    return Scoring.model_validate(given | {"variants": variants, "filters": [1, 32]})


@pytest.fixture(scope="module")
def run(config, signed):
    """Hits by list, ranks that were tuned, and the tables of filters."""
    searches = Searches(signed, config.search.size)
    variants = config.expand()
    hits = {name: searches.list(*one) for name, one in all_sources(variants).items()}
    names = {name: one for name, one in scoring_names(variants).items() if "bits" in name}
    tuned = quality_tables(config, signed.queries, hits, names, "63x16 count")["tuned"]
    filtered = {one.name: searches.list(one, []) for one in sources(variants[-1], config.filters)}
    clock = {"took_ms": 2.0, "latency_ms": 3.0, "index": "both"}
    samples = pd.DataFrame({"least": [0, 1, 32] * 30, "query": range(90)}).assign(**clock)
    table = filter_table(config, signed.queries, hits | filtered, samples, tuned)
    tables = {"filters": table, "filter_hits": hits_table(filtered), "filter_searches": samples}
    return hits, tuned, tables | {"queries": signed.queries}


def test_only_an_index_of_bits_and_words_has_filters(config):
    tester, *_, both = config.expand()
    assert sources(tester, [1]) == []
    assert [one.least for one in sources(both, [1, 32])] == [1, 32]


def test_documents_that_share_too_few_words_are_lost(run):
    table = run[2]["filters"]
    first = table[(table["measure"] == "recall@1") & (table["scoring"] == "hamming")]
    value = first.set_index("least")["value"]
    assert value[0] >= value[1] > value[32]
    difference = first.set_index("least")["difference"]
    assert difference[0] == 0
    assert difference[32] == pytest.approx(value[32] - value[0])
    assert (table["ratio"] == 1).all()
    assert "32 words -" in filter_sentence(table)


def test_the_table_follows_from_its_rows(config, run):
    hits, tuned, tables = run
    assert [one.holds for one in check_filters(config, tables, hits, tuned)] == [True, True]
    spoilt = tables["filter_hits"].assign(score=tables["filter_hits"]["score"] + 300)
    checks = check_filters(config, tables | {"filter_hits": spoilt}, hits, tuned)
    assert [one.holds for one in checks][1] is False
