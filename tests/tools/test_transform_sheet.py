from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from datasets.errors import TransformError
from datasets.transforms import (
    Transform,
    get_transform,
    transform_families,
    transform_set,
    transform_set_names,
)
from tools import transform_sheet
from tools.transform_sheet import (
    OTHERS,
    PANEL,
    draw_sheet,
    main,
    sheet_photographs,
    sheet_sections,
)


def test_an_unknown_set_has_no_sections() -> None:
    with pytest.raises(TransformError, match="slow"):
        sheet_sections(["slow"])


def test_sections_are_the_sets_and_hold_every_family() -> None:
    sections = sheet_sections()
    for name in transform_set_names():
        assert sections[name] == transform_set(name)
    drawn = {each.family for transforms in sections.values() for each in transforms}
    assert drawn == set(transform_families())
    assert sheet_sections(["quick"]) == {"quick": transform_set("quick")}


def test_a_family_in_no_set_is_drawn_at_its_typical_strength(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transform_sheet, "transform_set_names", lambda: ["quick"])
    sections = sheet_sections()
    assert list(sections) == ["quick", OTHERS]
    assert {"collage-4", "png", "turn-90"} <= {each.id for each in sections[OTHERS]}
    assert not {each.family for each in sections["quick"]} & {
        each.family for each in sections[OTHERS]
    }


def test_photographs_are_two_small_ones_in_colour() -> None:
    photographs = sheet_photographs()
    assert [(each.mode, max(each.size)) for each in photographs] == [("RGB", 300)] * 2


def test_every_copy_is_drawn_side_by_side() -> None:
    red, blue = Image.new("RGB", (300, 200), "red"), Image.new("RGB", (200, 300), "blue")
    sections: dict[str, list[Transform]] = {
        "one": [get_transform("identity"), get_transform("mirror")],
        "two": [get_transform("resize-50")],
    }
    pixels = np.asarray(draw_sheet([red, blue], sections))
    areas = [(pixels == colour).all(axis=2).sum() for colour in ((255, 0, 0), (0, 0, 255))]
    width, height = PANEL
    assert areas[0] == 3 * width * round(width / 1.5)
    assert areas[1] == 3 * round(height / 1.5) * height


@pytest.mark.slow
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
