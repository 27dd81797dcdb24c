"""The plot library: packed, and the same every time."""

import base64
import gzip

from bench.report.plot_library import library_code, packed_library


def test_what_is_packed_is_the_library():
    code = library_code()
    assert gzip.decompress(base64.b64decode(packed_library())).decode() == code
    assert "vegaEmbed" in code
    assert "</script" not in code
    assert len(packed_library()) < 500_000
    packed = packed_library()
    packed_library.cache_clear()
    library_code.cache_clear()
    assert packed_library() == packed
