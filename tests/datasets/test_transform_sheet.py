from pathlib import Path

import numpy as np
from click.testing import CliRunner
from PIL import Image

from datasets.transform_sheet import draw_sheet, main, sheet_photographs, sheet_transforms
from datasets.transforms import get_transform, transform_families, transform_set


def test_the_sheet_shows_every_family(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    result = CliRunner().invoke(main, [str(out)])
    assert result.exit_code == 0, result.output
    assert out.stat().st_size < 1_500_000
    with Image.open(out) as sheet:
        assert sheet.width <= 1400
        assert np.asarray(sheet.convert("L")).std() > 20
    assert {t.family for t in sheet_transforms()} == set(transform_families())
    assert list(tmp_path.iterdir()) == [out]


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path / "none" / "sheet.png")])
    assert result.exit_code == 2
    assert "create it first" in result.output


def test_sheet_shows_the_quick_set_and_every_family_once_more() -> None:
    transforms = sheet_transforms()
    quick = transform_set("quick")
    assert transforms[: len(quick)] == quick
    assert {each.family for each in transforms} == set(transform_families())
    assert len({each.id for each in transforms}) == len(transforms)


def test_photographs_are_two_small_ones_in_colour() -> None:
    photographs = sheet_photographs()
    assert [(each.mode, max(each.size)) for each in photographs] == [("RGB", 300)] * 2


def test_every_copy_is_drawn_under_its_id() -> None:
    photographs = sheet_photographs()
    figure = draw_sheet(photographs, [get_transform("crop-30"), get_transform("grey")])
    drawn = [panel for panel in figure.axes if panel.images]
    assert [panel.get_title() for panel in drawn] == [
        "crop-30  (251×167)",
        "crop-30  (251×167)",
        "grey  (300×200)",
        "grey  (300×200)",
    ]
