from typing import Any

import pytest

from datasets.errors import TransformError
from datasets.transforms import Jpeg, get_transform, register_transform, transform_families
from datasets.transforms.base import Transform


def subclasses(cls: type[Transform]) -> set[type[Transform]]:
    below = {each for sub in cls.__subclasses__() for each in {sub} | subclasses(sub)}
    return {each for each in below if hasattr(each, "family")}


def test_every_transform_is_registered() -> None:
    assert {
        each for each in subclasses(Transform) if each.__module__.startswith("datasets.")
    } == set(transform_families().values())


def test_a_taken_family_is_refused() -> None:
    register_transform(Jpeg)  # the same class again is no clash
    other = type("Other", (Jpeg,), {"__module__": "elsewhere"})
    with pytest.raises(TransformError, match="taken by Jpeg"):
        register_transform(other)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "jpeg",
        "jpeg-",
        "jpeg-0",
        "jpeg-101",
        "jpeg-30.5",
        "grey-1",
        "JPEG-30",
        "jpeg--30",
        "x-1",
        {"strength": 3},
        {"family": "jpeg"},
        {"family": "jpeg", "strength": "30"},
        {"family": "jpeg", "strength": 30, "q": 1},
        {"family": "jpeg", "strength": float("nan")},
    ],
)
def test_what_is_no_transform_is_refused_by_name(wrong: str | dict[str, Any]) -> None:
    with pytest.raises(TransformError, match=r"Known are identity, jpeg-1\.\.100"):
        get_transform(wrong)


def test_one_identity_for_one_edit() -> None:
    assert get_transform("jpeg-030").id == get_transform({"family": "jpeg", "strength": 30.0}).id


@pytest.mark.parametrize("wrong", [5, None, ["jpeg-30"]])
def test_neither_an_id_nor_a_config(wrong: object) -> None:
    with pytest.raises(TransformError, match="an id or a config"):
        get_transform(wrong)  # type: ignore[arg-type]
