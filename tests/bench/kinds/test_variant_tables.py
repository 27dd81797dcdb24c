"""Tables are complete or not at all."""

import pytest

from bench.index.variant import Variant
from bench.kinds.variant_state import VariantState
from bench.kinds.variant_tables import stored_storage
from bench.runs.errors import RunError


def test_a_variant_without_a_figure_is_an_error(tmp_path):
    state = VariantState(Variant(63, 16, {"id": "none"}, name="tester_none"), tmp_path, "run")
    assert not state.is_finished
    with pytest.raises(RunError, match="'tester_none' was not measured"):
        stored_storage(state)


@pytest.mark.engine
def test_fields_and_timings_cover_every_variant(finished):
    variants = finished.folder.table("variants")["variant"].tolist()
    fields, timings = finished.folder.table("fields"), finished.folder.table("timings")
    assert fields["variant"].drop_duplicates().tolist() == variants
    assert (fields["bytes"] > 0).all()
    assert timings.groupby("variant").size().to_dict() == dict.fromkeys(variants, 24)
    assert (timings[["took_ms", "latency_ms"]] >= 0).all(axis=None)


@pytest.mark.engine
def test_what_the_signature_takes_is_split(finished):
    variants = finished.folder.table("variants").set_index("variant")
    assert variants.loc["made_none", "signature_bytes"] == 0
    assert variants.loc["made_array", "signature_bytes"] > 500
    parts = variants["signature_bytes"] + variants["source_bytes"]
    assert (parts < variants["bytes_per_document"]).all()
    assert variants.loc["made_array", "stored_json_bytes"] > 1200
