"""What users reported."""

import pytest

from bench.kinds.scale.reported import REPORTED


def test_bytes_a_document_that_users_report():
    expected = {
        "with_signature": 31.2 * 1024**3 / 7_488_880,
        "without_signature": 11.9 * 1024**3 / 8_316_821,
        "feared_without_signature": 1_500,
    }
    found = {name: size.bytes_per_document for name, size in REPORTED.items()}
    assert found == pytest.approx(expected)
