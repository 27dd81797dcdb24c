import pytest

from bench.advise.choices import choices
from bench.advise.evidence import Evidence
from bench.advise.measured import MARGIN
from bench.advise.question import Question

#: 0.1 right answers a query allow as many wrong ones, over a million images.
ASKED = Question(images=1_000_000, precision=0.5, recall=0.2)


@pytest.fixture(scope="module")
def table(known):
    return choices(known, ASKED)


def row_of(table, variant, cutoff):
    own = table[(table["variant"] == variant) & (table["cutoff"] == cutoff)]
    return own.iloc[0].to_dict()


def test_without_a_choice_it_is_of_the_recall_that_is_asked(table):
    evidence = Evidence.of(ASKED, table, None)
    assert (evidence.recall, evidence.images) == (0.2, 1_000_000)
    assert evidence.allowed_rate == pytest.approx(1e-7)
    assert evidence.pairs_needed == pytest.approx(4.9416e7, rel=1e-4)  # of seven choices
    assert evidence.pairs_counted == 20_000_000
    assert not evidence.possible


def test_a_choice_is_weighed_by_its_own_recall(table):
    row = row_of(table, "32x8", 12)
    assert row["proven"]
    evidence = Evidence.of(ASKED, table, row)
    assert evidence.recall == row["recall_low"] > 0.7
    assert evidence.possible
    assert evidence.pairs_needed < 20_000_000
    lacking = Evidence.of(ASKED, table, row | {"recall_low": 0.1, "proven": False})
    assert lacking == Evidence.of(ASKED, table, None)


def test_what_is_proven_is_possible(known):
    for images in (1_000, 10_000, 100_000, 1_000_000):
        for precision in (0.5, 0.9, 0.99):
            asked = Question(images=images, precision=precision, recall=0.1)
            table = choices(known, asked)
            for row in table[table["proven"]].to_dict("records"):
                evidence = Evidence.of(asked, table, row)
                assert evidence.pairs_counted >= evidence.pairs_needed
                assert evidence.possible


def test_fewer_images_are_reckoned_as_those_that_were_searched(known):
    few = Question(images=1_000, precision=0.5, recall=0.2)
    table = choices(known.assign(least_documents=1_000_000), few)
    assert Evidence.of(few, table, None) == Evidence.of(ASKED, choices(known, ASKED), None)


def test_a_margin_among_more_documents_than_were_searched_is_never_proven(known):
    asked = Question(images=21_000, precision=0.5, recall=0.2)
    table = choices(known.assign(ranking=MARGIN, least_documents=20_000), asked)
    evidence = Evidence.of(asked, table, row_of(table, "32x8", 12))
    assert evidence.pairs_counted > evidence.pairs_needed
    assert evidence.recall == 0.2
    assert not evidence.possible
