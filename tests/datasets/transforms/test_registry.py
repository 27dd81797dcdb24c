from dataclasses import replace
from typing import Any

import pytest

from datasets.errors import TransformError
from datasets.transforms import (
    Family,
    get_transform,
    register_transform,
    transform_families,
)
from datasets.transforms.turns import mirror

Jpeg = transform_families()["jpeg"]


def test_a_taken_family_is_refused() -> None:
    register_transform(replace(Jpeg))  # the same row again is no clash
    with pytest.raises(TransformError, match=r"taken by jpeg of datasets\.transforms\.files"):
        register_transform(replace(Jpeg, edit=mirror))


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


def test_registering_again_changes_nothing() -> None:
    before = transform_families()
    register_transform(Jpeg)
    assert transform_families() == before


@pytest.mark.parametrize("name", ["", "Jpeg", "jpeg-30", "-a", "a b", "a_b", "é"])
def test_a_family_that_no_id_could_name_is_refused(name: str) -> None:
    with pytest.raises(TransformError, match="lower-case"):
        register_transform(Family(name, mirror))
    assert name not in transform_families()


def test_the_registry_cannot_be_changed_from_outside() -> None:
    transform_families().clear()
    assert "jpeg" in transform_families()


@pytest.mark.parametrize("text", ["jpeg-30", "jpeg-30.0", "jpeg-030"])
def test_ids_of_the_same_number_are_the_same_transform(text: str) -> None:
    assert get_transform(text) == Jpeg(30)
    assert get_transform(text).id == "jpeg-30"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("sepia", "no such family"),
        ("sepia-3", "no such family"),
        ("", "an id is a family"),
        ("jpeg-", "an id is a family"),
        ("jpeg--3", "an id is a family"),
        ("jpeg-nan", "no such family"),
        ("jpeg-1e1", "an id is a family"),
        ("jpeg-٣", "an id is a family"),
        ("jpeg-30\n", "an id is a family"),
        ("jpeg", "needs a strength"),
        ("jpeg-0", "1 to 100"),
        ("jpeg-300", "1 to 100"),
        ("jpeg-" + "9" * 400, "1 to 100"),
        ("jpeg-3.5", "whole number"),
        ("crop-96", "0 to 95"),
        ("noise-0.00001", "4 decimals"),
        ("grey-2", "takes no parameter"),
        ({}, "no such family"),
        ({"family": 3}, "no such family"),
        ({"family": "jpeg"}, "needs a strength"),
        ({"family": "jpeg", "strength": "30"}, "must be a number"),
        ({"family": "jpeg", "strength": 30, "quality": 1}, "takes only strength, not quality"),
        ({"family": "grey", "strength": 1}, "takes no parameter"),
    ],
)
def test_errors_name_what_was_asked_why_not_and_what_there_is(
    wrong: str | dict[str, object], why: str
) -> None:
    with pytest.raises(TransformError, match=why) as raised:
        get_transform(wrong)
    message = str(raised.value)
    assert message.startswith(f"transform {wrong!r}: ")
    assert "jpeg-1..100" in message
    assert all(family in message for family in transform_families())


def test_a_config_is_not_changed() -> None:
    config = {"family": "jpeg", "strength": 30}
    assert get_transform(config) == Jpeg(30)
    assert config == {"family": "jpeg", "strength": 30}
