"""A finished scoring run, measured again from its hits."""

import pytest

from bench.evaluate.judge import judged_estimates
from bench.kinds.scoring.lists import Searches, all_sources, scoring_names
from bench.kinds.scoring.quality import quality_tables, settings_of
from bench.runs.folder import RunFolder
from bench.search.exact.answers import hits_table


def test_scorings_have_the_values_and_intervals_of_the_run(scoring, signed, tmp_path):
    searches = Searches(signed, scoring.search.size)
    hits = {name: searches.list(*one) for name, one in all_sources(scoring.expand()).items()}
    names = scoring_names(scoring.expand())
    tables = quality_tables(scoring, signed.queries, hits, names, "63x16 count")
    folder = RunFolder(tmp_path)
    folder.write_table("queries", signed.queries)
    folder.write_table("hits", hits_table(hits))
    folder.write_table("scorings", tables["scorings"])
    settings = settings_of(scoring)
    found = {
        (*system, measure): (one.value, *one.interval(settings.confidence)[:2])
        for system, estimates in judged_estimates(folder, settings).items()
        for (measure, _), one in estimates.items()
    }
    whole = tables["scorings"].query("part == 'all'")
    stored = whole.set_index(["source", "scoring", "measure"])[["value", "low", "high"]]
    assert set(found) == set(stored.index)
    for key, values in found.items():
        assert values == pytest.approx(tuple(stored.loc[key]), nan_ok=True)
