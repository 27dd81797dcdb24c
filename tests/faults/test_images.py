"""Spoilt picture files: each has a record, a reason or the signature of its own."""

from itertools import chain

import pytest

from tests.faults.bad_images import fixed_files, mutated_files, sign_corpus


@pytest.mark.fault
@pytest.mark.timeout(0)
def test_no_spoilt_file_stops_the_others(folder, pytestconfig, expect):
    count = pytestconfig.getoption("--files")
    for fault in sign_corpus(chain(fixed_files(), mutated_files(count)), folder):
        expect(fault)


@pytest.mark.slow
def test_no_file_of_a_small_sample_does(folder):
    faults = sign_corpus([*fixed_files(), *mutated_files(110, seed=1)], folder, workers=2)
    assert [fault for fault in faults if not fault.ok] == []
    assert {"whole", "wrong name", "false size", "odd structure", "flip_bits", "flip_head"} <= {
        fault.injected.rpartition(": ")[2] for fault in faults
    }
