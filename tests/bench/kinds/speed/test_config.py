"""Speed configs: the project's own is valid and about real photographs, wrong ones are refused."""

from pathlib import Path

import pytest

import bench
from bench.kinds.speed.config import Speed
from bench.runs.config_file import load_config
from bench.runs.errors import ExperimentError
from datasets.archives import table

CONFIG = Path(bench.__file__).parent / "configs" / "speed.yaml"


def test_the_goals_are_about_photographs_of_the_collection():
    speed = load_config(CONFIG, Speed)
    known = {row["id"] for row in table("photos.csv")}
    assert {picture.photo for goal in speed.goals for picture in goal.photographs} <= known
    assert [goal.ratio for goal in speed.goals if goal.ratio] == [3.5, 3.5, 10, 13]
    assert [variant.layout for variant in speed.expand()] == ["dynamic", "tagged_column"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tool: fast", "tool: slow", "goals.3.tool"),
        ("title: exact, 0.4-megapixel JPEG", "title: exact, 10.8-megapixel JPEG", "is there twice"),
        ("layout: tagged_column", "layout: nowhere", "nowhere"),
        ("repetitions: 7", "repetition: 7", "allowed beside it"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, message):
    path = tmp_path / "speed.yaml"
    text = CONFIG.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ExperimentError, match=message):
        load_config(path, Speed)
