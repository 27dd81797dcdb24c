"""The figure shows every search of what has copies, and failed ones apart."""

from bench.kinds.nodes.figures import loss
from bench.kinds.nodes.recovery import recovery_table


class _Run:
    def __init__(self, made):
        self._made = made

    def table(self, name):
        return self._made[name]


def test_failed_searches_are_marked(made):
    recovery = recovery_table(made["indices"], made["health"], made["shards"])
    figure, data = loss(_Run(made | {"recovery": recovery}))
    assert data["seconds"].to_list() == [-0.5, 0.2, 0.4, 6.2]
    good, bad, again, _ = figure.axes[0].get_lines()
    assert good.get_xdata().tolist() == [-0.5, 0.4, 6.2]
    assert bad.get_xdata().tolist() == [0.2]
    assert list(again.get_xdata()) == [6.0, 6.0]
