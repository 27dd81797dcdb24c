"""Published figures, as published."""

import pytest

from bench.report.historical import PUBLISHED


def test_published_sizes():
    sizes = {(size.what, size.documents): size.store_bytes for size in PUBLISHED}
    assert sizes["tester: integer array", 100] == 905_047
    assert sizes["with signature", 7_488_880] == pytest.approx(33_500_744_908.8)
    assert sizes["without signature", 8_316_821] == pytest.approx(12_777_527_705.6)
    assert sizes["integer array", 200_000] == pytest.approx(744_908_390.4)


def test_bytes_a_document_are_of_powers_of_1024():
    found = {size.documents: round(size.bytes_per_document) for size in PUBLISHED[3:]}
    assert found == {200_000: 3_725, 7_488_880: 4_473, 8_316_821: 1_536}
