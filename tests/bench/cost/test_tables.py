"""Tables of costs as files."""

import pandas as pd

from bench.cost.measure import CostTables
from bench.cost.tables import has_cost_tables, read_cost_tables, write_cost_tables


def test_tables_are_read_as_they_were_written(tmp_path):
    tables = CostTables(*(pd.DataFrame({"n": [number]}) for number in range(4)))
    assert not has_cost_tables(tmp_path)
    write_cost_tables(tmp_path, tables)
    assert has_cost_tables(tmp_path)
    read = read_cost_tables(tmp_path)
    assert list(read) == ["search_cost", "index_cost", "search_samples", "index_samples"]
    for name, table in tables._asdict().items():
        pd.testing.assert_frame_equal(read[name], table)
