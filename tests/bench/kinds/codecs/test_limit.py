import numpy as np

from bench.kinds.codecs.limit import group_interval, held_out


def test_interval_is_wider_where_groups_differ():
    values = np.repeat([1.0, 5.0], 50)
    by_value = group_interval(values, np.repeat(["a", "b"], 50))
    mixed = group_interval(values, np.tile(["a", "b", "c", "d", "e"], 20))
    assert by_value == (1.0, 5.0)
    assert mixed == (3.0, 3.0)


def test_rows_are_held_out(crops):
    rows = held_out(crops)
    assert crops.is_held_out[rows["whole"]].all()
    assert crops.is_whole[rows["whole"]].all()
    assert crops.is_held_out[rows["crops"]].all()
    assert not crops.is_whole[rows["crops"]].any()
    assert len(np.unique(rows["crops"])) == len(rows["crops"])
