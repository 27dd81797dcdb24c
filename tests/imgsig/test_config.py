"""Signature parameters: canonical form and limits."""

import pytest

from imgsig import ConfigError, SignatureConfig


def test_canonical_form_holds_only_what_differs():
    assert SignatureConfig().get_config() == {}
    config = SignatureConfig(n=7, crop_percentiles=(10, 90), P=5)
    assert config.get_config() == {"n": 7, "crop_percentiles": [10, 90], "P": 5}
    assert SignatureConfig.from_config(config.get_config()) == config


def test_the_fast_decode_is_part_of_the_identity():
    assert SignatureConfig(decode="exact").get_config() == {}
    fast = SignatureConfig(decode="fast")
    assert fast.get_config() == {"decode": "fast"}
    assert SignatureConfig.from_config({"decode": "fast"}) == fast != SignatureConfig()


def test_how_pixels_are_taken_is_part_of_the_identity():
    assert SignatureConfig(pixels="uniform", exif=False, alpha="white").get_config() == {}
    other = {"pixels": "path", "exif": True, "alpha": "grey"}
    assert SignatureConfig(**other).get_config() == other
    assert SignatureConfig.from_config(other) == SignatureConfig(**other) != SignatureConfig()


@pytest.mark.parametrize(
    "parameters",
    [
        {"n": 1},
        {"n": 9.0},
        {"crop_percentiles": (95, 5)},
        {"crop_percentiles": (5,)},
        {"crop_percentiles": 5},
        {"crop_percentiles": ("5", "95")},
        {"P": 0},
        {"diagonal_neighbors": 1},
        {"identical_tolerance": 1.5},
        {"identical_tolerance": True},
        {"n_levels": 0},
        {"n_levels": 128},
        {"fix_ratio": "yes"},
        {"decode": "quick"},
        {"pixels": "file"},
        {"exif": 1},
        {"alpha": "black"},
    ],
)
def test_parameters_out_of_range_are_refused_by_name(parameters):
    (name,) = parameters
    with pytest.raises(ConfigError, match=name):
        SignatureConfig(**parameters)


def test_unknown_parameter_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"'grid'.*n_levels"):
        SignatureConfig.from_config({"grid": 9})
    with pytest.raises(ConfigError, match=r"mapping of n, .*not 9"):
        SignatureConfig.from_config(9)
