"""What is said before and after."""

from dataclasses import replace

import pytest

from bench.index.storage import IndexSize
from bench.migrate.detect import detect
from bench.migrate.fields import choose_fields
from bench.migrate.migration import Migrated
from bench.migrate.plan import MigrationPlan, choose_target
from bench.migrate.sentences import outcome_text, shortfalls, warnings
from bench.migrate.verify import Verified

SIZE = IndexSize(90, 0, 3, 1, 0, 90_000, 0)


def plan_of(source, layout, **options):
    found = detect(source)
    variant = choose_target(layout, source.index, found, **options)
    return MigrationPlan(source, found, variant, choose_fields(source), False, 1, 0)


def outcome_of(**counts):
    whole = {"source": 90, "destination": 90, "refused": 0, "behind": 0}
    read = {"compared": 90, "values": 90 * 648, "searched": 9, "words": 9 * 63}
    verified = Verified(**{**whole, **counts, **read})
    return Migrated(verified, SIZE, SIZE, {})


@pytest.mark.parametrize(
    ("counts", "told", "skipped"),
    [
        ({}, "", ""),
        ({"behind": 2, "destination": 88}, "2 documents .* catch up", "catch up"),
        ({"destination": 91}, "1 documents of the new index are not in .*--mirror", "--mirror"),
        ({"destination": 89, "refused": 1}, "1 documents cannot be .*--skip-bad", ""),
    ],
)
def test_what_is_not_done_is_told(as_source, records, counts, told, skipped):
    plan, outcome = plan_of(as_source(records()), "tagged_column"), outcome_of(**counts)
    for accepted, wanted in ((False, told), (True, skipped)):
        missing = shortfalls(outcome, skip_refused=accepted)
        assert len(missing) == bool(wanted)
        text = outcome_text(plan, outcome, missing)
        assert ("The new index is complete" in text) == (not wanted)
        assert ("_aliases" in text) == (not wanted)
    assert "_forcemerge" in text


def test_an_alias_that_stays_is_told_with_what_its_filter_no_longer_finds(as_source, records):
    plan = plan_of(as_source(records()), "tagged_column")
    outcome = replace(
        outcome_of(), aliases={"art": "0 documents in the new index, 9 in the source"}
    )
    stays = "alias art is left as it is, as it would show 0 documents"
    assert stays in outcome_text(plan, outcome, [])
    moved = replace(plan, source=replace(plan.source, prefixes=("image",)))
    assert f"{stays} in the new index, 9" in outcome_text(moved, outcome, [])
    assert "or change its filter: no field is under image any more." in outcome_text(
        moved, outcome, []
    )


def test_documents_that_will_be_refused_are_told_before(as_source, records):
    documents = records()
    plan = plan_of(as_source(documents), "tagged_column")
    documents[4]["path"] = 4
    assert any("1 of 30 sampled documents cannot" in text for text in warnings(plan))


@pytest.mark.parametrize(
    ("layout", "options", "told"),
    [
        (
            "long",
            {},
            {"path is found by its"},
        ),
        (
            "integer_filtered",
            {},
            {
                "path is found not at all",
                "the new index does not keep the whole _source",
            },
        ),
        (
            "tagged_synthetic_column",
            {},
            {"hits have a field as JSON", "path is found by its", "layout tagged_synthetic_column"},
        ),
        ("long", {"codec": "none"}, {"path", "the new index stores no signature"}),
        ("long", {"codec": "sign"}, {"path", 'codec {"id": "sign"'}),
    ],
)
def test_what_is_lost_is_told_before(as_source, records, layout, options, told):
    found = warnings(plan_of(as_source(records()), layout, **options))
    assert len(found) == len(told)
    assert all(any(text.startswith(begin) for text in found) for begin in told)
