"""What size to expect of the new index."""

import json
from dataclasses import replace

import pytest

from bench.migrate.detect import detect
from bench.migrate.expected import Expected, Measured, expect, nearest, size_text
from bench.migrate.fields import choose_fields
from bench.migrate.plan import MigrationPlan, choose_target
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder

LAYOUTS = ROOT / "results" / "reference-layouts"


def plan_of(source, to, **options):
    found = detect(source)
    variant = choose_target(to, source.index, found, **options)
    return MigrationPlan(source, found, variant, choose_fields(source), False, 1, 0)


@pytest.mark.engine
@pytest.mark.parametrize(("codec", "differs"), [("context", False), ("packed", True)])
def test_an_estimate_is_that_of_the_measured_layout(arrays, codec, differs):
    expected = expect(arrays.plan(codec_to=codec), LAYOUTS)
    table = RunFolder(LAYOUTS).table("variants").set_index("variant")
    assert expected.bytes_per_document == table["bytes_per_document"]["tagged_column"]
    assert ("its codec is" in expected.measured_on) == differs
    assert expected.measured_documents == 20_000
    timestamp = json.dumps("2016-03-04T12:34:56.000000")
    assert expected.kept_bytes > len(timestamp)
    assert 0 < expected.read_seconds < 60


@pytest.mark.engine
def test_what_was_not_measured_is_not_known(arrays, tmp_path):
    form = {"N": 20, "k": 8, "codec": {"id": "packed"}, "layout": "tagged_column"}
    expected = expect(arrays.plan(json.dumps(form)), LAYOUTS)
    assert expected.bytes_per_document is None
    assert "N = 20" in expected.measured_on
    assert expect(arrays.plan(), tmp_path).bytes_per_document is None


def measured_of(layout, codec, found):
    form = {"N": 63, "k": 16, "codec": codec, "layout": layout}
    return Measured(layout, "a run", form, 20_000, found)


CONTEXT = {"id": "context", "strip": "half"}


def test_vectors_are_sized_by_their_bits_and_not_by_words(as_source, records):
    known = [
        measured_of("vector_byte_flat", CONTEXT, 331.0),
        measured_of("vector_bit_flat", CONTEXT, 195.0),
    ]
    signs = plan_of(as_source(records()), "vector_sign_flat")
    size, said, _ = nearest(signs, known)
    assert size == 195 - (1088 - 272) / 8
    assert said.endswith("less the 102 bytes by which its vectors are longer")
    bare = plan_of(as_source(records(k=8)), "vector_sign_flat", codec="none")
    assert "its codec is context, not none" in nearest(bare, known)[1]
    exact = measured_of("vector_sign_flat", {"id": "none"}, 50.0)
    assert nearest(bare, [*known, exact])[:2] == (50.0, str(exact))
    graph = plan_of(as_source(records()), "vector_sign_hnsw")
    assert nearest(graph, [*known, exact])[0] is None


@pytest.mark.parametrize(
    ("documents", "told"),
    [(90, "90 documents a shard, too few"), (4_999, "4,999 documents a shard"), (5_000, "1.4 MB")],
)
def test_a_size_is_told_where_the_measured_one_holds(as_source, records, documents, told):
    plan = plan_of(as_source(records()), "tagged_column")
    plan = replace(plan, source=replace(plan.source, documents=documents))
    size = size_text(plan, Expected(280.0, "an index of 20,000", 20_000, 0.0, 1.0))
    assert "about 280 bytes a document" in size
    assert told in size
    assert ("in all" in size) == (documents >= 5_000)
