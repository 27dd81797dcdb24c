"""What the fast decode changes."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bench.kinds.speed.decode_effect import decode_effect, summary
from datasets import open_collection
from imgsig import generate_signature, normalized_distance


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A large JPEG, the same as PNG, and one that is too small to be reduced."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(5)
    coarse = Image.fromarray(rng.integers(0, 256, (90, 110, 3), dtype=np.uint8))
    large = coarse.resize((1500, 1290), Image.Resampling.BICUBIC)
    large.save(folder / "large.jpg", quality=95)
    large.save(folder / "large.png", compress_level=1)
    coarse.resize((600, 500)).save(folder / "small.jpg")
    return folder


@pytest.mark.slow
def test_every_photograph_is_compared(pictures):
    effect = decode_effect(open_collection(f"folder:{pictures}")).set_index("photo")
    assert sorted(effect.index) == ["large.jpg", "large.png", "small.jpg"]
    assert effect["factor"].to_dict() == {"large.jpg": 4, "large.png": 4, "small.jpg": 1}
    assert effect["recoded"].to_dict() == {
        "large.jpg": False,
        "large.png": True,
        "small.jpg": False,
    }
    path = pictures / "large.jpg"
    exact, fast = generate_signature(path), generate_signature(path, decode="fast")
    large, small = effect.loc["large.jpg"], effect.loc["small.jpg"]
    assert large["distance"] == normalized_distance(exact[np.newaxis], fast)[0] > 0
    assert large["equal_values"] == (exact == fast).mean() < 1
    assert large["equal_values"] <= large["equal_signs"] <= 1
    assert small["distance"] == 0
    assert small["equal_words"] == small["equal_values"] == 1
    table = summary(effect.reset_index()).set_index("size")
    assert table["photographs"].to_dict() == {"1/4": 2, "all reduced": 2}


def test_summary_is_of_reduced_photographs_only():
    effect = pd.DataFrame(
        {
            "factor": [1, 4, 4, 8],
            "distance": [0.0, 0.1, 0.3, 0.2],
            "equal_words": [1.0, 1.0, 0.5, 0.6],
            "equal_values": [1.0, 0.9, 0.8, 0.7],
            "equal_signs": [1.0, 1.0, 0.9, 0.8],
        }
    )
    table = summary(effect).set_index("size")
    assert table["photographs"].to_dict() == {"1/4": 2, "1/8": 1, "all reduced": 3}
    assert table.loc["1/4", "distance_median"] == pytest.approx(0.2)
    assert table.loc["1/4", "all_words"] == 0.5
    assert table.loc["all reduced", "equal_words"] == pytest.approx(0.7)
    assert table.loc["all reduced", "equal_words_min"] == 0.5
    assert table.loc["all reduced", "distance_max"] == 0.3
