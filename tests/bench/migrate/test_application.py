"""What an application has to change, and that it works when it has."""

import numpy as np
import pytest

from bench.migrate.application import changes, reads_it_as_before
from bench.migrate.detect import detect
from bench.migrate.fields import choose_fields
from bench.migrate.plan import MigrationPlan, choose_target
from imgsig.index import ImageIndex
from tests.shared import as_applications


def plan_of(source, layout, codec=None):
    found = detect(source)
    variant = choose_target(layout, source.index, found, codec=codec)
    return MigrationPlan(source, found, variant, choose_fields(source), False, 1, 0)


@pytest.mark.parametrize(
    ("layout", "codec", "same"),
    [
        ("dynamic", "int_array", True),
        ("long", "int_array", True),
        ("integer_filtered", "int_array", True),
        ("dynamic", None, False),  # the signature is packed
        ("short_names", "int_array", False),
        ("tagged_integer", "int_array", False),
        ("tagged_column", None, False),
    ],
)
def test_lines_to_paste_are_given_where_the_old_query_finds_nothing(
    as_source, records, layout, codec, same
):
    plan = plan_of(as_source(records()), layout, codec)
    assert reads_it_as_before(plan) == same
    text = "\n".join(changes(plan))
    assert ("nothing but the name" in text) == same
    if not same:
        assert f'index = ImageIndex.open(client, "{plan.index}")' in text
        assert "SignatureES" in text
    for line in changes(plan):
        if line.startswith("    "):
            compile(line.strip(), "pasted", "exec")


@pytest.mark.engine
@pytest.mark.parametrize(
    "to", ["tagged_column", pytest.param("integer_filtered", marks=pytest.mark.slow)]
)
def test_the_new_index_is_opened_searched_and_added_to(fresh, to):
    fresh.add(range(60))
    fresh.add([3], metadata={"tenant_id": 3, "name": "a", "price": 0.5})
    fresh.add([4], metadata={"tenant_id": 3, "name": "b", "price": 9.99, "tags": ["b", "a"]})
    fresh.add([5], metadata={"tenant_id": 4, "name": "c"})
    plan = fresh.plan(to)
    assert fresh.perform(plan).verified.is_whole

    index = ImageIndex.open(as_applications(fresh.client), plan.index)
    assert index.identity.signature.pixels == "path"
    for number in (3, 40):
        best = index.search_signatures({"": fresh.signatures[number]}, size=1)[0]
        assert (best.id, best.score, best.distance) == (f"d{number}", 63, 0)
        assert best.path == f"https://example.org/{number}.jpg"
    mine = {"term": {"metadata.tenant_id": 3}}
    found = index.search_signatures({"": fresh.signatures[3]}, size=60, filter=mine, rank="score")
    assert {match.id for match in found} <= {"d3", "d4"}
    assert found[0].metadata["metadata"] == {"tenant_id": 3, "name": "a", "price": 0.5}
    (other,) = index.search_signatures({"": fresh.signatures[4]}, size=1, filter=mine)
    assert other.metadata["metadata"] == {
        "tenant_id": 3,
        "name": "b",
        "price": 9.99,
        "tags": ["b", "a"],
    }
    assert other.metadata["timestamp"] == "2016-03-04T12:34:56.000004"

    picture = np.random.default_rng(7).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    added = index.add(
        picture, path="new.jpg", metadata={"metadata": {"tenant_id": 5}}, refresh=True
    )
    (match,) = index.search(picture, size=1, filter={"term": {"metadata.tenant_id": 5}})
    assert (match.id, match.path, match.score, match.distance) == (added, "new.jpg", 63, 0)
    assert match.metadata["metadata"] == {"tenant_id": 5}
