"""Published figures, as published."""

from bench.report.historical import PUBLISHED


def test_published_sizes():
    sizes = {(size.what, size.documents): size.store_bytes for size in PUBLISHED}
    assert sizes["tester: integer array", 100] == 905_047
    assert sizes["without signature", 8_316_821] == 11.9e9
    assert round(PUBLISHED[3].bytes_per_document) == 3552
