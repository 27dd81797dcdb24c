"""Bytes by field, of structures that are there."""

import pytest

from bench.index.build import create_index, load_documents
from bench.index.field_bytes import field_bytes
from bench.index.variant import Variant

pytestmark = pytest.mark.engine


def test_every_structure_is_named_by_field(engine, index_name, signatures):
    variant = Variant(20, 16, {"id": "packed"}, layout="tagged_column", name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:100])
    fields = field_bytes(engine.client, index_name)
    assert set(fields["simple_words"]) == {"points"}
    assert set(fields["signature"]) == set(fields["path"]) == {"doc_values"}
    assert fields["signature"]["doc_values"] >= 100 * 189
    assert set(fields["_id"]) == {"stored_fields", "inverted_index"}
    assert all(size > 0 for sizes in fields.values() for size in sizes.values())
