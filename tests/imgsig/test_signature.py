"""Signatures against the reference, bit for bit."""

import json
from pathlib import Path

import numpy as np
import pytest

from imgsig import ConfigError, SignatureConfig, generate_signature

MADE = np.load(Path(__file__).parent / "fixture" / "made.npz")
CONFIGS = [json.loads(config) for config in MADE["configs"]]


def test_golden_signatures_are_equal(golden, golden_paths):
    assert len(golden_paths) == 29
    for path, expected in zip(golden_paths, golden["signatures"], strict=True):
        np.testing.assert_array_equal(generate_signature(path), expected, err_msg=path.name)


@pytest.mark.parametrize("name", MADE["names"].tolist())
def test_made_pictures_equal_the_reference_for_every_parameter(name):
    data = MADE[f"file_{name}"].tobytes()
    compared = 0
    for index, config in enumerate(CONFIGS):
        if f"signature_{name}_{index}" in MADE:
            ours = generate_signature(data, SignatureConfig(**config))
            np.testing.assert_array_equal(
                ours, MADE[f"signature_{name}_{index}"], err_msg=f"{name} {config}"
            )
            compared += 1
    assert compared >= 9


def test_featureless_picture_has_the_zero_signature():
    for grey in (np.zeros((40, 60)), np.full((40, 60, 3), 200, dtype=np.uint8)):
        assert not generate_signature(grey).any()


def test_signature_shape_and_range_follow_the_config():
    picture = np.random.default_rng(3).random((70, 90, 3))
    for config in (SignatureConfig(), SignatureConfig(n=4, diagonal_neighbors=False, n_levels=4)):
        signature = generate_signature(picture, config)
        assert signature.shape == (config.length,)
        assert signature.dtype == np.int8
        assert signature.min() == -config.n_levels
        assert signature.max() == config.n_levels


def test_fix_ratio_on_a_wide_picture_names_the_remedy():
    picture = np.random.default_rng(3).random((40, 400))
    with pytest.raises(ConfigError, match="square pictures only"):
        generate_signature(picture, SignatureConfig(fix_ratio=True))


def test_unknown_decode_mode_is_refused():
    with pytest.raises(ConfigError, match="'quick'"):
        generate_signature(np.zeros((9, 9)), decode="quick")
