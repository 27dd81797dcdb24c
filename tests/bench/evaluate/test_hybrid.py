import numpy as np
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.hits import select_hits
from bench.evaluate.hybrid import Band, bands, hybrid_table
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.settings import EvaluationSettings

SETTINGS = EvaluationSettings(n_resamples=100, hybrid_margin=0.0)


def _table(queries, candidates, word_count=8, settings=SETTINGS) -> tuple[list[dict], Band]:
    table = check_queries(queries)
    run = read_queries(table)
    checked = check_candidates(candidates, table, {"tester": word_count}, settings)
    hits = select_hits(checked, len(run), settings)
    return hybrid_table(hits, run, draw_groups(run.n_groups, 100, 0), word_count, settings)


@pytest.fixture
def by_hand(make_queries, make_candidates):
    """The right hit of each query is second by score and first by distance; both score 3 and 4."""
    rows = [{"half": half} for half in ("tune", "tune", "report", "report")]
    answers = {
        query: [(7, 0.6, "wrong"), (4, 0.5, "wrong"), (3, 0.1, "right"), (1, 0.7, "wrong")]
        for query in range(4)
    }
    answers[3] = [(3, 0.1, "right"), (2, 0.8, "wrong")]
    return make_queries(rows), make_candidates(answers)


def _of(rows: list[dict], low: int, high: int) -> dict:
    (row,) = [row for row in rows if (row["band_low"], row["band_high"]) == (low, high)]
    return row


def test_bands_are_nested_and_end_with_everything() -> None:
    for word_count in (1, 4, 8, 63, 128):
        grid = bands(word_count)
        assert len(set(grid)) == len(grid) <= 17
        assert grid[0].low == grid[0].high == word_count + 1
        assert grid[-1] == Band(1, word_count + 1)
        for high in {band.high for band in grid}:
            lows = [band.low for band in grid if band.high == high]
            assert lows == sorted(lows, reverse=True)


def test_the_band_by_hand(by_hand) -> None:
    rows, chosen = _table(*by_hand)
    row = _of(rows, 3, 9)
    # Tune half: 7, 4 and 3 of both queries; report half: 7, 4 and 3 of one, 3 of the other.
    assert (row["tune_fetched"], row["fetched"]) == (3, 2)
    assert row["share"] == pytest.approx(4 / 6)
    assert row["n"] == 2
    # By distance both right hits come first; with hits of 4 and more only, one of them behind.
    assert (row["tune_uAP"], row["uAP"], row["R@P90"]) == (1, 1, 1)
    assert _of(rows, 4, 9)["tune_uAP"] < 1
    assert not _of(rows, 4, 9)["within_margin"]
    assert chosen == Band(3, 9)
    assert [row["chosen"] for row in rows].count(True) == 1
    assert row["chosen"]


def test_where_distance_says_nothing_no_signature_is_fetched(random_tables) -> None:
    queries, candidates = random_tables(0)
    _, chosen = _table(queries, candidates.assign(distance=0.5))
    assert chosen == Band(9, 9)


def test_a_wider_margin_never_fetches_more(random_tables) -> None:
    fetched = []
    for margin in (0.0, 0.05, 0.2, 0.9):
        settings = EvaluationSettings(n_resamples=5, hybrid_margin=margin)
        rows, _ = _table(*random_tables(1), settings=settings)
        (chosen,) = [row for row in rows if row["chosen"]]
        fetched.append(chosen["tune_fetched"])
    assert fetched == sorted(fetched, reverse=True)
    assert len(set(fetched)) > 1


@pytest.mark.parametrize("seed", range(3))
def test_the_ends_are_the_two_rankings(random_tables, seed: int) -> None:
    rows, _ = _table(*random_tables(seed))
    empty, full = rows[0], rows[-1]
    assert empty["fetched"] == empty["share"] == 0
    assert full["share"] == 1
    for measure in ("uAP", "R@P90"):
        for end in ("", "_low", "_high"):
            assert full[f"{measure}_difference{end}"] == 0
    for high in {row["band_high"] for row in rows}:
        fetched = [row["fetched"] for row in rows if row["band_high"] == high]
        assert fetched == sorted(fetched)


def test_the_choice_does_not_look_at_the_report_half(random_tables) -> None:
    queries, candidates = random_tables(1)
    report = set(queries.loc[queries["half"] == "report", "query"])
    shuffled = candidates.copy()
    own = shuffled["query"].isin(report)
    shuffled.loc[own, "distance"] = np.random.default_rng(0).uniform(0, 1, own.sum())
    settings = EvaluationSettings(n_resamples=20, hybrid_margin=0.02)
    before, chosen = _table(queries, candidates, settings=settings)
    after, again = _table(queries, shuffled, settings=settings)
    assert chosen == again
    tuned = [key for key in before[0] if key.startswith("tune_")]
    assert [[row[k] for k in tuned] for row in before] == [[row[k] for k in tuned] for row in after]
    assert [row["uAP"] for row in before] != [row["uAP"] for row in after]


def test_without_a_tune_half_everything_is_fetched(make_queries, make_candidates) -> None:
    queries = make_queries([{"half": "report"}, {"half": "report"}])
    _, chosen = _table(queries, make_candidates({0: [(5, 0.4, "right")]}))
    assert chosen == Band(1, 9)


def test_no_hits_fetch_nothing(make_queries, make_candidates) -> None:
    queries = make_queries([{}, {"half": "report"}])
    rows, chosen = _table(queries, make_candidates({}))
    assert chosen.low == chosen.high
    assert rows[-1]["fetched"] == 0
    assert np.isnan(rows[-1]["share"])
