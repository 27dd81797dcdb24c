import numpy as np

from imgsig.codecs.context_geometry import DIRECTIONS, edges
from imgsig.grid import EIGHT_NEIGHBORS, Grid


def test_every_free_value_is_coded_once():
    np.testing.assert_array_equal(np.sort(edges().order), np.arange(272))


def test_each_edge_is_the_value_towards_its_point():
    grid = Grid()
    for index, (row, column), way in zip(
        edges().order, edges().points, edges().directions, strict=True
    ):
        position = grid.partner[grid.free[index]]
        assert position == (row * 9 + column) * 8 + DIRECTIONS[way]
        down, right = EIGHT_NEIGHBORS[DIRECTIONS[way]]
        assert 0 <= row + down < 9
        assert 0 <= column + right < 9


def test_context_names_the_neighbouring_edge_or_none():
    offsets = np.array([[0, -1, 0], [-1, 0, 1], [0, 0, 0]], dtype=np.int8)
    steps = np.flatnonzero(edges().directions == 1)
    context = edges().context(offsets, 1)
    assert context.shape == (72, 3)
    for step, row in zip(steps, context, strict=True):
        for (down, right, way), found in zip(offsets.tolist(), row, strict=True):
            point = edges().points[step] + (down, right)
            if found == 272:
                edge = (edges().points == point).all(axis=1) & (edges().directions == way)
                assert not edge.any()
            else:
                assert found < step
                assert (edges().points[found] == point).all()
                assert edges().directions[found] == way
