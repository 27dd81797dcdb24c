import pandas as pd
import pytest

from bench.evaluate.outputs import PER_QUERY, TABLES, make_table


@pytest.mark.parametrize("columns", TABLES.values(), ids=list(TABLES))
def test_an_empty_table_has_its_columns_and_dtypes(columns) -> None:
    table = make_table(pd.DataFrame(), columns)
    assert list(table.columns) == list(columns)
    assert (
        table.dtypes.astype(str).to_dict()
        == pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})
        .dtypes.astype(str)
        .to_dict()
    )


def test_rows_get_the_order_and_dtypes_of_the_table() -> None:
    row = {"value": 1, "query": 3, "measure": "AP", "tie": "none", "ranking": "score"}
    table = make_table(pd.DataFrame([row | {"variant": "a", "more": 1}], index=[9]), PER_QUERY)
    assert list(table.columns) == list(PER_QUERY)
    assert table.index.tolist() == [0]
    assert table["value"].dtype == "float64"


def test_a_missing_column_is_an_error_not_a_nan() -> None:
    with pytest.raises(KeyError, match="measure"):
        make_table(pd.DataFrame([{"query": 1}]), PER_QUERY)
