"""Hashes of other programs, made by them."""

import numpy as np
import pytest
from PIL import Image

from bench.peers.environment import describe_peers
from bench.peers.hashes import HASHES, get_hash


def test_every_hash_has_whole_bytes_and_a_name_of_its_own():
    assert all(one.bits % 8 == 0 for one in HASHES)
    assert len({one.name for one in HASHES}) == len(HASHES)
    assert get_hash("PDQ").tool == "PDQ, array"


@pytest.mark.slow
@pytest.mark.parametrize("one", HASHES, ids=lambda one: one.name)
def test_alike_pictures_have_alike_hashes_of_as_many_bits_as_are_told(session, tmp_path, one):
    if one.package not in describe_peers()["packages"]:
        pytest.skip(f"{one.package} comes as source, and there is no compiler")
    rng = np.random.default_rng(1)
    scenes = [
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).resize(
            (200, 160), Image.Resampling.BICUBIC
        )
        for _ in range(2)
    ]
    pictures = [scenes[0], scenes[0].resize((100, 80)), scenes[1]]
    found = []
    for number, picture in enumerate(pictures):
        path = tmp_path / f"{number}.npy"
        np.save(path, np.asarray(picture))
        made = bytes.fromhex(session.call(one.tool, path, value=True).value)
        found.append(np.unpackbits(np.frombuffer(made, dtype=np.uint8)))
    assert len(found[0]) == one.bits
    near, far = (np.mean(found[0] != other) for other in found[1:])
    assert near < 0.2 < far
