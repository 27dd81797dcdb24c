"""The small experiment made again where nothing is left of the first time: the same tables."""

import pytest

from tests.faults.again import as_another_user, without_caches

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("made", [without_caches, as_another_user])
def test_the_same_tables_come_of_it(config, expected, folder, expect, made):
    expect(made(config, expected, folder))
