from pathlib import Path

import numpy as np
from click.testing import CliRunner
from PIL import Image

from datasets.transform_sheet import main, sheet_transforms
from datasets.transforms import transform_families


def test_the_sheet_shows_every_family(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    result = CliRunner().invoke(main, [str(out)])
    assert result.exit_code == 0, result.output
    with Image.open(out) as sheet:
        assert np.asarray(sheet.convert("L")).std() > 20
    assert {t.family for t in sheet_transforms()} == set(transform_families())
    assert list(tmp_path.iterdir()) == [out]


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path / "none" / "sheet.png")])
    assert result.exit_code == 2
    assert "create it first" in result.output
