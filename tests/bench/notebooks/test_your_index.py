"""The example is built and settled, and a reader's cluster is only read."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bench.compare import Compared, compare_indices
from bench.index.storage import IndexSize
from bench.notebooks.results import ROOT, results_folder
from bench.notebooks.tables import compared_table
from bench.notebooks.your_index import (
    EXAMPLE,
    build_example,
    bytes_of_indices,
    compare_yours,
    compared_verdict,
    example_signatures,
)
from bench.runs.errors import BenchError
from tools.notebooks.execution import executed


def test_cluster_and_indices_are_named_together():
    with pytest.raises(BenchError, match="there is no cluster"):
        compare_yours(["photos"], env={})
    with pytest.raises(BenchError, match=r"there is no index \(or ES_INDICES\)"):
        compare_yours(env={"ES_URL": "http://127.0.0.1:9"})


@pytest.mark.slow
@pytest.mark.engine
def test_the_notebook_compares_your_own_indices(finished, engine, engine_env, tmp_path):
    env = {**engine_env, "ES_URL": engine.url, "ES_INDICES": "made_array, made_none"}
    path = ROOT / "notebooks" / "06_your_index.ipynb"
    fresh = executed(path, results=results_folder(), data=tmp_path, env=env)
    shown = "".join(str(output) for cell in fresh.cells for output in cell.get("outputs", []))
    assert "made_array" in shown
    variants = finished.folder.table("variants").set_index("variant")["bytes_per_document"]
    assert f"{variants['made_none']:,.0f} bytes a document" in shown
    assert (tmp_path / "your_index.csv").is_file()


@pytest.fixture(scope="module")
def signatures():
    return example_signatures()


@pytest.mark.slow
@pytest.mark.engine
def test_the_example_is_settled_and_shown(engine, signatures):
    signatures = signatures[::10]
    variants = [replace(EXAMPLE[number], name=f"test-{EXAMPLE[number].name}") for number in (1, 2)]
    try:
        names = build_example(engine.client, signatures, variants)
        compared = compare_indices(engine.client, names, analyze=True)
    finally:
        engine.client.indices.delete(index=",".join(v.index_name for v in variants))
    assert [one.warnings for one in compared] == [(), ()]
    shown = compared_table(compared)
    assert shown["documents"].tolist() == [len(signatures)] * 2
    assert shown["segments"].tolist() == [1, 1]
    (sentence,) = compared_verdict(compared)
    sizes = [one.size.store_bytes / len(signatures) for one in compared]
    assert sentence.startswith(f"test-example_tagged_column is the smallest: {sizes[1]:,.0f} bytes")
    _, data = bytes_of_indices(compared)
    np.testing.assert_allclose(data.drop(columns="variant").sum(axis=1), sizes)
    with_care = [replace(compared[0], warnings=("one", "two")), compared[1]]
    assert compared_verdict(with_care)[1] == "Mind test-example_tester_none: one; two."
    assert "which the others are compared with" in compared_verdict(compared[::-1])[0]


def test_bars_are_of_indices_whose_fields_are_known():
    size = IndexSize(10, 0, 1, 1, 0, 9000, 55)
    known = Compared("one", size, {}, {"_source": {"stored_fields": 900}}, ())
    unknown = Compared("two", size, {}, None, ("its bytes by field are unknown",))
    _, data = bytes_of_indices([known, unknown])
    assert data["variant"].tolist() == ["one"]
    with pytest.raises(BenchError, match="not known for any index: two: its bytes"):
        bytes_of_indices([unknown])


def test_the_example_is_of_many_different_tiles(signatures):
    assert signatures.shape[1] == 648
    assert len(pd.DataFrame(signatures).drop_duplicates()) > 400
    assert signatures.dtype == np.int8
