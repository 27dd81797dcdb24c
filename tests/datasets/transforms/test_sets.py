import pytest

from datasets.errors import TransformError
from datasets.transforms import transform_set, transform_set_names


def test_every_set_can_be_built_and_leaves_out_what_is_not_to_be_found() -> None:
    for name in transform_set_names():
        assert "mirror" not in [transform.family for transform in transform_set(name)]


def test_quick_goes_from_mild_to_strong() -> None:
    ids = [transform.id for transform in transform_set("quick")]
    assert 10 <= len(ids) <= 15
    assert {"jpeg-75", "jpeg-10"} <= set(ids)


@pytest.mark.parametrize("wrong", ["slow", [], ["grey", "grey"], ["jpeg-30", "jpeg-030"]])
def test_wrong_sets_are_refused(wrong: str | list[str]) -> None:
    with pytest.raises(TransformError):
        transform_set(wrong)
