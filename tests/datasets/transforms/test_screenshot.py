import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Screenshot

NOISE = np.random.default_rng(0).integers(0, 256, (150, 200, 3), dtype=np.uint8)


@pytest.mark.parametrize("percent", [10, 25, 50, 80])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_picture_is_whole_between_bars_of_that_share(
    percent: int, seed: int, mode: str
) -> None:
    image = Image.fromarray(NOISE).convert(mode)
    copy = Screenshot(percent)(image, np.random.default_rng(seed))
    bars = copy.height - 150
    assert bars / copy.height == pytest.approx(percent / 100, abs=0.005)
    above = round(0.6 * bars)
    assert copy.crop((0, above, 200, above + 150)).tobytes() == image.tobytes()
    for bar in (copy.crop((0, 0, 200, above)), copy.crop((0, above + 150, 200, copy.height))):
        assert len(np.unique(np.asarray(bar.convert("L")))) >= 3  # something is drawn


def test_browser_and_telephone_each_light_and_dark() -> None:
    image = Image.fromarray(NOISE)
    copies = {Screenshot(25)(image, np.random.default_rng(seed)).tobytes() for seed in range(30)}
    assert len(copies) == 4
