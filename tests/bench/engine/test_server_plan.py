from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bench.engine.server_plan import Plan

paths = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1).map(
    lambda name: Path("/") / name
)


@given(folder=paths, home=paths)
def test_one_line_there_and_back(folder: Path, home: Path) -> None:
    plan = Plan(folder, home, Path("/java"), "1g", "8.18.0", "9.12.1", Path("/state.json"))
    line = plan.to_line()
    assert "\n" not in line
    assert Plan.from_line(line) == plan
