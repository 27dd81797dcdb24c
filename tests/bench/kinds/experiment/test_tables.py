"""Tables are complete or not at all."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.experiment.tables import representatives, said_of_all


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


def candidates(**distances: list[float]) -> pd.DataFrame:
    parts = []
    for variant, values in distances.items():
        n = len(values)
        part = {
            "variant": variant,
            "query": np.zeros(n, dtype=int),
            "rank": np.arange(n),
            "doc": np.arange(n),
            "score": np.full(n, 3),
            "distance": values,
            "sign_distance": np.zeros(n),
            "relation": "wrong",
        }
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def test_the_first_of_those_alike_stands_for_all():
    nan = float("nan")
    table = candidates(a=[0.1, 0.2], b=[nan, nan], c=[0.1, 0.2], d=[nan, nan], e=[0.1, 0.3])
    found = representatives(table, dict.fromkeys("abcde", 63))
    assert found == {"a": "a", "b": "b", "c": "a", "d": "b", "e": "e"}


def test_another_largest_score_is_another_ranking():
    table = candidates(a=[0.1], b=[0.1])
    assert representatives(table, {"a": 63, "b": 64}) == {"a": "a", "b": "b"}


def test_variants_that_found_nothing_are_alike():
    assert representatives(candidates(a=[0.1]), dict.fromkeys("abc", 63)) == {
        "a": "a",
        "b": "b",
        "c": "b",
    }


def test_rows_are_repeated_in_the_order_of_the_variants():
    table = pd.DataFrame({"variant": ["c", "a", "a"], "value": [3, 1, 2]})
    repeated = said_of_all(table, {"a": "a", "b": "a", "c": "c", "d": "x"})
    assert repeated["variant"].tolist() == ["a", "a", "b", "b", "c"]
    assert repeated["value"].tolist() == [1, 2, 1, 2, 3]
    assert said_of_all(table.iloc[:0], {"a": "a"}).empty
