from collections.abc import Mapping
from typing import Any

import pytest

from datasets.errors import TransformError
from datasets.transforms import Grey, Jpeg, transform_set, transform_set_names


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


@pytest.mark.parametrize("name", transform_set_names())
def test_every_set_holds_transforms_under_their_canonical_ids(name: str) -> None:
    transforms = transform_set(name)
    assert transform_set([each.id for each in transforms]) == transforms


def test_quick_is_what_it_was() -> None:
    # Results are compared by the name of the set: another content needs another name.
    assert [each.id for each in transform_set("quick")] == [
        "jpeg-75",
        "jpeg-30",
        "jpeg-10",
        "resize-50",
        "crop-10",
        "crop-30",
        "pad-10",
        "rotate-2",
        "blur-2",
        "noise-0.05",
        "gamma-2",
        "text",
    ]


def test_ids_and_configs_may_be_mixed_and_keep_their_order() -> None:
    mixed: list[str | Mapping[str, Any]] = ["grey", {"family": "jpeg", "strength": 30}]
    assert transform_set(mixed) == [Grey(), Jpeg(30)]
    assert transform_set(each for each in mixed) == [Grey(), Jpeg(30)]


@pytest.mark.parametrize("name", ["slow", "jpeg-30", ""])
def test_unknown_set_lists_the_sets(name: str) -> None:
    with pytest.raises(TransformError, match=r"the sets are .*quick"):
        transform_set(name)


@pytest.mark.parametrize("again", ["jpeg-30", "jpeg-30.0", {"family": "jpeg", "strength": 30}])
def test_a_transform_named_twice_is_refused(again: str | dict[str, object]) -> None:
    with pytest.raises(TransformError, match="named more than once: jpeg-30"):
        transform_set(["jpeg-30", "grey", again])


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(TransformError, match="at least one"):
        transform_set([])


def test_an_unknown_id_in_a_list_is_refused() -> None:
    with pytest.raises(TransformError, match="'sepia'"):
        transform_set(["jpeg-30", "sepia"])
