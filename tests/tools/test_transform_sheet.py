from pathlib import Path

import numpy as np
from click.testing import CliRunner
from PIL import Image

from tools.transform_sheet import main


def test_the_sheet_shows_every_set_and_every_family(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    result = CliRunner().invoke(main, [str(out)])
    assert result.exit_code == 0, result.output
    assert out.stat().st_size < 7_000_000
    with Image.open(out) as sheet:
        assert sheet.width <= 1400
        assert np.asarray(sheet.convert("L")).std() > 20
    assert list(tmp_path.iterdir()) == [out]


def test_sets_can_be_drawn_alone(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    arguments = [str(out), "--set", "copydays-strong-like", "--set", "copydays-jpeg"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert out.stat().st_size < 1_500_000
    with Image.open(out) as sheet:
        assert sheet.height < 1100


def test_an_unknown_set_names_the_sets(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path / "sheet.png"), "--set", "slow"])
    assert result.exit_code == 2
    assert "quick" in result.output


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path / "none" / "sheet.png")])
    assert result.exit_code == 2
    assert "create it first" in result.output
